import { defineScenario } from "../harness/define.ts";

export default defineScenario({
  title: "httpxy forwards large records whole, one by one",
  chain: [{ app: "sse" }, "httpxy"],
  trial: { kind: "lock-step", recordBytes: 20000 },
  must: { deliver: "incrementally" },
});
