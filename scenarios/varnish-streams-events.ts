import { defineScenario } from "../harness/define.ts";

export default defineScenario({
  title: "Varnish with its built-in VCL passes on each event of a stream that it caches",
  chain: [{ app: "sse" }, "varnish"],
  trial: { kind: "lock-step" },
  must: { deliver: "incrementally" },
});
