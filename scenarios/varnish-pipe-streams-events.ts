import { defineScenario } from "../harness/define.ts";

export default defineScenario({
  title: "Varnish with return (pipe) passes on each event",
  chain: [{ app: "sse" }, "varnish:pipe"],
  trial: { kind: "lock-step" },
  must: { deliver: "incrementally" },
});
