import { defineScenario } from "../harness/define.ts";

export default defineScenario({
  title: "Waitress sends the chunks of a stream after the header section of a response to HEAD, and none with 204 and 304",
  chain: [{ app: "django:waitress" }],
  trial: { kind: "bodyless" },
  does: { end: "malformed", culprit: "django" },
  because: "https://github.com/Pylons/waitress/blob/main/src/waitress/task.py",
  fixedBy: "django-on-uvicorn-ends-bodyless",
});
