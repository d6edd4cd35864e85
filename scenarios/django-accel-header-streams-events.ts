import { defineScenario } from "../harness/define.ts";

export default defineScenario({
  title: "A Django view that sends X-Accel-Buffering: no streams through nginx in its default configuration",
  chain: [{ app: "django:gthread" }, "nginx@1.26"],
  request: { path: "/stream-accel" },
  trial: { kind: "lock-step" },
  must: { deliver: "incrementally", integrity: "intact" },
});
