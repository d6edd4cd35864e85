import { mutant } from "./_forward.ts";

export default mutant(
  { title: "Notices that the client left only when the upstream writes again", link: "https://github.com/caddyserver/caddy/issues/6666" },
  () =>
    ({ asked, straight }) => {
      let gone = false;
      return {
        left: () => void (gone = true),
        write: (piece) => {
          if (!gone) return straight.write(piece);
          asked.destroy();
          return true;
        },
      };
    },
);
