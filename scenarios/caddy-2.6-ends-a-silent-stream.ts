import { defineScenario } from "../harness/define.ts";

export default defineScenario({
  title: "read_timeout of Caddy 2.6 ends a silent stream as if it were whole",
  chain: [{ app: "sse" }, "caddy@2.6:read-timeout"],
  trial: { kind: "silence" },
  does: { end: "truncated-silently", cause: "idle-timeout", culprit: "caddy" },
  because: "https://github.com/caddyserver/caddy/issues/5951",
  fixedBy: "caddy-2.11-cuts-a-silent-stream",
});
