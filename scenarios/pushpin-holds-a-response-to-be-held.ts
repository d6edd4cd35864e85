import { defineScenario } from "../harness/define.ts";

export default defineScenario({
  title: "Pushpin reads a response with Grip-Hold to its end before it passes any of it on: an application must not stream it",
  chain: [{ app: "sse" }, "pushpin"],
  response: {
    headers: [
      ["Grip-Hold", "stream"],
      ["Grip-Channel", "news"],
    ],
  },
  trial: { kind: "lock-step" },
  does: { deliver: "buffered", culprit: "pushpin" },
  because: "https://pushpin.org/docs/protocols/grip/",
  fixedBy: "django-held-by-pushpin-streams-events",
});
