import { defineScenario } from "../harness/define.ts";

export default defineScenario({
  title: "The write timeout of a Caddy server is a total timeout, whatever its clients speak",
  chain: [{ app: "sse" }, "caddy:write-timeout"],
  request: { clients: ["h1", "h1-tls", "h2", "h2c", "h3"] },
  trial: { kind: "silence", flowMs: 3000 },
  does: { end: "truncated-visibly", cause: "total-timeout", culprit: "caddy" },
  when: { clients: ["h1", "h1-tls", "h2", "h2c", "h3"] },
  because: "https://caddyserver.com/docs/caddyfile/options#timeouts",
  fixedBy: "caddy-survives-silence",
});
