import { defineScenario } from "../harness/define.ts";

export default defineScenario({
  title: "A PHP script that sends X-Accel-Buffering: no streams",
  chain: [{ app: "php:accel" }],
  trial: { kind: "lock-step" },
  must: { deliver: "incrementally", end: "complete" },
});
