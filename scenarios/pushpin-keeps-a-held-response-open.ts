import { defineScenario } from "../harness/define.ts";

export default defineScenario({
  title: "Pushpin keeps a response with Grip-Hold open after its origin has ended it, until something is published",
  chain: [{ app: "sse" }, "pushpin"],
  response: {
    headers: [
      ["Grip-Hold", "stream"],
      ["Grip-Channel", "news"],
    ],
  },
  trial: { kind: "paced" },
  does: { end: "hung", culprit: "pushpin" },
  because: "https://pushpin.org/docs/protocols/grip/",
  fixedBy: "django-held-by-pushpin-streams-events",
});
