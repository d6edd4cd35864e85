import { defineScenario } from "../harness/define.ts";

export default defineScenario({
  title: "Grip-Keep-Alive: Pushpin adds a comment to a stream for each second in which nothing is published",
  chain: [{ app: "django-pushpin" }],
  request: { path: "/kept-alive" },
  trial: { kind: "silence", silentMs: 3500 },
  does: { integrity: "altered", culprit: "django-pushpin" },
  because: "https://pushpin.org/docs/protocols/grip/",
});
