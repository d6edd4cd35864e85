import { mutant } from "./_forward.ts";

export default mutant(
  { title: "Ends the response cleanly when the upstream aborts", link: "https://github.com/caddyserver/caddy/issues/7845" },
  () =>
    ({ response, straight }) => ({
      cut: () => (response.headersSent ? straight.end() : straight.cut()),
    }),
);
