import { defineScenario } from "../harness/define.ts";

export default defineScenario({
  title: "What is published before Pushpin has the response with Grip-Hold is lost, and the client does not see it",
  chain: [{ app: "django-pushpin" }],
  request: { path: "/published-too-early" },
  trial: { kind: "paced" },
  does: { end: "truncated-silently", culprit: "django-pushpin" },
  because: "https://pushpin.org/docs/advanced/#reliable-streaming",
  fixedBy: "django-held-by-pushpin-streams-events",
});
