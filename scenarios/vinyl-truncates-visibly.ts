import { defineScenario } from "../harness/define.ts";

export default defineScenario({
  title: "Vinyl Cache makes a cut visible when the origin aborts a response that it streams",
  chain: [{ app: "sse" }, "vinyl"],
  trial: { kind: "origin-abort" },
  must: { end: "visibly" },
});
