import { defineScenario } from "../harness/define.ts";

export default defineScenario({
  title: "Storing each item in Redis does not hold it back",
  chain: [{ app: "django-cache:redis" }],
  request: { path: "/by-item" },
  trial: { kind: "lock-step" },
  must: { deliver: "incrementally" },
});
