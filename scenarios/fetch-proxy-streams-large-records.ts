import { defineScenario } from "../harness/define.ts";

export default defineScenario({
  title: "A proxy over fetch forwards large records whole, one by one",
  chain: [{ app: "sse" }, "fetch-proxy"],
  trial: { kind: "lock-step", recordBytes: 20000 },
  must: { deliver: "incrementally" },
});
