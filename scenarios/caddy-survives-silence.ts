import { defineScenario } from "../harness/define.ts";

export default defineScenario({
  title: "Without timeouts of its own, Caddy keeps a silent stream, and one with heartbeats",
  chain: [{ app: "sse" }, "caddy"],
  trial: { kind: "silence", flowMs: 3000 },
  must: { end: "complete" },
});
