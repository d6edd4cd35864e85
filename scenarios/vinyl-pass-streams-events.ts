import { defineScenario } from "../harness/define.ts";

export default defineScenario({
  title: "Vinyl Cache with return (pass) passes on each event",
  chain: [{ app: "sse" }, "vinyl:pass"],
  trial: { kind: "lock-step" },
  must: { deliver: "incrementally" },
});
