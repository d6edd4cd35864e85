import { defineScenario } from "../harness/define.ts";

export default defineScenario({
  title: "Varnish with return (pass) makes a cut visible",
  chain: [{ app: "sse" }, "varnish:pass"],
  trial: { kind: "origin-abort" },
  must: { end: "visibly" },
});
