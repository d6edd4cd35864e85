import { mutant } from "./_forward.ts";

export default mutant(
  { title: "Ends cleanly when the upstream breaks off", link: "https://github.com/caddyserver/caddy/issues/7845" },
  () =>
    ({ response, straight }) => ({
      cut: () => (response.headersSent ? straight.end() : straight.cut()),
    }),
);
