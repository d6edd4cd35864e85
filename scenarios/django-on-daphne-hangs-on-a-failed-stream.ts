import { defineScenario } from "../harness/define.ts";

export default defineScenario({
  title: "Daphne leaves its client waiting where a view fails in mid-stream: it would answer 500, and has answered already",
  chain: [{ app: "django:daphne" }],
  request: { path: "/stream-async" },
  trial: { kind: "origin-abort", how: ["close"] },
  does: { end: "hung", culprit: "django" },
  because: "https://github.com/django/daphne/blob/main/daphne/server.py",
  fixedBy: "django-on-uvicorn-cuts-a-failed-stream",
});
