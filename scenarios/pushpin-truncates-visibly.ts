import { defineScenario } from "../harness/define.ts";

export default defineScenario({
  title: "Pushpin makes a cut visible when the origin aborts its response",
  chain: [{ app: "sse" }, "pushpin"],
  trial: { kind: "origin-abort" },
  must: { end: "visibly" },
});
