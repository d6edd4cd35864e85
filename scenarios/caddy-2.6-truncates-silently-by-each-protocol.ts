import { defineScenario } from "../harness/define.ts";

export default defineScenario({
  title: "Caddy 2.6 ends a response that its upstream has cut as if it were whole, over HTTP/2 too",
  chain: [{ app: "sse" }, "caddy@2.6"],
  request: { clients: ["h1", "h1-tls", "h2", "h2c", "h3"] },
  trial: { kind: "origin-abort" },
  does: { end: "truncated-silently", culprit: "caddy" },
  when: { clients: ["h1", "h1-tls", "h2", "h2c", "h3"] },
  because: "https://github.com/caddyserver/caddy/issues/5951",
  fixedBy: "caddy-2.11-truncates-visibly-by-each-protocol",
});
