import { defineScenario } from "../harness/define.ts";

export default defineScenario({
  title: "Varnish with return (pass) passes on each event",
  chain: [{ app: "sse" }, "varnish:pass"],
  trial: { kind: "lock-step" },
  must: { deliver: "incrementally" },
});
