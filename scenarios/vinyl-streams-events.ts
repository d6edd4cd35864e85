import { defineScenario } from "../harness/define.ts";

export default defineScenario({
  title: "Vinyl Cache with its built-in VCL passes on each event of a stream that it caches",
  chain: [{ app: "sse" }, "vinyl"],
  trial: { kind: "lock-step" },
  must: { deliver: "incrementally" },
});
