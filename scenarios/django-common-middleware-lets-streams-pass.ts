import { defineScenario } from "../harness/define.ts";

export default defineScenario({
  title: "CommonMiddleware leaves a StreamingHttpResponse without a Content-Length, and it streams",
  chain: [{ app: "django:common" }],
  trial: { kind: "lock-step" },
  must: { deliver: "incrementally", end: "complete" },
});
