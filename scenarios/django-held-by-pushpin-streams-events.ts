import { defineScenario } from "../harness/define.ts";

export default defineScenario({
  title: "A Django view whose response Pushpin holds (Grip-Hold) streams: each event that is published reaches the client by itself",
  chain: [{ app: "django-pushpin" }],
  trial: { kind: "paced" },
  must: { deliver: "incrementally", end: "complete" },
});
