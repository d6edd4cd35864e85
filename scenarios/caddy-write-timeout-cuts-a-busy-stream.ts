import { defineScenario } from "../harness/define.ts";

export default defineScenario({
  title: "The write timeout of a Caddy server is a total timeout: it cuts a stream despite its heartbeats",
  chain: [{ app: "sse" }, "caddy:write-timeout"],
  trial: { kind: "silence", flowMs: 3000 },
  does: { end: "truncated-visibly", cause: "total-timeout", culprit: "caddy" },
  because: "https://caddyserver.com/docs/caddyfile/options#timeouts",
  fixedBy: "caddy-survives-silence",
});
