import { defineScenario } from "../harness/define.ts";

export default defineScenario({
  title: "Caddy passes every event on: it flushes text/event-stream by itself",
  chain: [{ app: "sse" }, "caddy"],
  trial: { kind: "lock-step" },
  must: { deliver: "incrementally" },
});
