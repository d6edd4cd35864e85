import { defineScenario } from "../harness/define.ts";

export default defineScenario({
  title: "A view that renders a template for each item streams",
  chain: [{ app: "django:gthread" }],
  request: { path: "/template-in-pieces" },
  trial: { kind: "lock-step" },
  must: { deliver: "incrementally" },
});
