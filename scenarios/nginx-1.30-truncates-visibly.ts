import { defineScenario } from "../harness/define.ts";

export default defineScenario({
  title: "nginx 1.30 in its default configuration cuts visibly when the origin aborts",
  chain: [{ app: "sse" }, "nginx@1.30"],
  trial: { kind: "origin-abort" },
  must: { end: "visibly" },
});
