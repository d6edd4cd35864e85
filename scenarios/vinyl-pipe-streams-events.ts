import { defineScenario } from "../harness/define.ts";

export default defineScenario({
  title: "Vinyl Cache with return (pipe) passes on each event",
  chain: [{ app: "sse" }, "vinyl:pipe"],
  trial: { kind: "lock-step" },
  must: { deliver: "incrementally" },
});
