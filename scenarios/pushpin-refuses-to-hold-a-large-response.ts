import { defineScenario } from "../harness/define.ts";

export default defineScenario({
  title: "Pushpin answers 502 to a response with Grip-Hold of more than 100 kB",
  chain: [{ app: "sse" }, "pushpin"],
  response: {
    headers: [
      ["Grip-Hold", "stream"],
      ["Grip-Channel", "news"],
    ],
  },
  trial: { kind: "paced", recordBytes: 20_000 },
  does: { end: "error-response", culprit: "pushpin" },
  because: "https://github.com/fastly/pushpin/blob/main/src/proxy/proxysession.cpp",
  fixedBy: "django-held-by-pushpin-streams-events",
});
