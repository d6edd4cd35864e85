import { defineScenario } from "../harness/define.ts";

export default defineScenario({
  title: "Pushpin makes a response look whole that its origin aborts: it sends the last chunk",
  chain: [{ app: "sse" }, "pushpin"],
  trial: { kind: "origin-abort" },
  does: { end: "truncated-silently", culprit: "pushpin" },
  because: "https://github.com/fastly/pushpin/blob/main/src/proxy/proxysession.cpp",
});
