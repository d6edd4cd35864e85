import { defineScenario } from "../harness/define.ts";

export default defineScenario({
  title: "read_timeout of Caddy 2.6 ends a silent stream as if it were whole, over HTTP/2 too",
  chain: [{ app: "sse" }, "caddy@2.6:read-timeout"],
  request: { clients: ["h1", "h1-tls", "h2", "h2c", "h3"] },
  trial: { kind: "silence" },
  does: { end: "truncated-silently", cause: "idle-timeout", culprit: "caddy" },
  when: { clients: ["h1", "h1-tls", "h2", "h2c", "h3"] },
  because: "https://github.com/caddyserver/caddy/issues/5951",
  fixedBy: "caddy-2.11-cuts-a-silent-stream-by-each-protocol",
});
