import { defineScenario } from "../harness/define.ts";

export default defineScenario({
  title: "Pushpin passes on records of 20 kB one by one",
  chain: [{ app: "sse" }, "pushpin"],
  trial: { kind: "lock-step", recordBytes: 20_000 },
  must: { deliver: "incrementally" },
});
