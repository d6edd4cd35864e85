import { defineScenario } from "../harness/define.ts";

export default defineScenario({
  title: "If what publishes fails, Pushpin keeps the client waiting",
  chain: [{ app: "django-pushpin" }],
  trial: { kind: "origin-abort", how: ["reset"] },
  does: { end: "hung", culprit: "django-pushpin" },
  because: "https://pushpin.org/docs/protocols/grip/",
});
