import { defineScenario } from "../harness/define.ts";

export default defineScenario({
  title: "Varnish makes a cut visible when the origin aborts a response that it streams",
  chain: [{ app: "sse" }, "varnish"],
  trial: { kind: "origin-abort" },
  must: { end: "visibly" },
});
