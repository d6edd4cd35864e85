import { defineScenario } from "../harness/define.ts";

export default defineScenario({
  title: "Caddy 2.6 ends a response that its upstream has cut with the last chunk: the client takes it for whole",
  chain: [{ app: "sse" }, "caddy@2.6"],
  trial: { kind: "origin-abort" },
  does: { end: "truncated-silently", culprit: "caddy" },
  because: "https://github.com/caddyserver/caddy/issues/5951",
  fixedBy: "caddy-2.11-truncates-visibly",
});
