import { defineScenario } from "../harness/define.ts";

export default defineScenario({
  title: "Vinyl Cache passes on records of 20 kB one by one",
  chain: [{ app: "sse" }, "vinyl"],
  trial: { kind: "lock-step", recordBytes: 20_000 },
  must: { deliver: "incrementally" },
});
