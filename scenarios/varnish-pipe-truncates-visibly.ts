import { defineScenario } from "../harness/define.ts";

export default defineScenario({
  title: "Varnish with return (pipe) makes a cut visible",
  chain: [{ app: "sse" }, "varnish:pipe"],
  trial: { kind: "origin-abort" },
  must: { end: "visibly" },
});
