import { defineScenario } from "../harness/define.ts";

export default defineScenario({
  title: "ConditionalGetMiddleware makes no ETag for a stream, and holds nothing",
  chain: [{ app: "django:conditional" }],
  trial: { kind: "lock-step" },
  must: { deliver: "incrementally" },
});
