import { defineScenario } from "../harness/define.ts";

export default defineScenario({
  title: "Varnish passes on records of 20 kB one by one",
  chain: [{ app: "sse" }, "varnish"],
  trial: { kind: "lock-step", recordBytes: 20_000 },
  must: { deliver: "incrementally" },
});
