import { defineScenario } from "../harness/define.ts";

export default defineScenario({
  title: "Pushpin reads 100 kB of a response with Grip-Hold, passes the rest on as it comes, and keeps it open after its end",
  chain: [{ app: "sse" }, "pushpin"],
  response: {
    headers: [
      ["Grip-Hold", "stream"],
      ["Grip-Channel", "news"],
    ],
  },
  trial: { kind: "paced", recordBytes: 20_000 },
  does: { end: "hung", culprit: "pushpin" },
  because: "https://github.com/fastly/pushpin/blob/main/src/proxy/proxysession.cpp",
  fixedBy: "django-held-by-pushpin-streams-events",
});
