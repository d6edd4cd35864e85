import { defineScenario } from "../harness/define.ts";

export default defineScenario({
  title:
    "With fetch, proxyTimeout of http-proxy-3 counts from the start: heartbeats do not save the stream, and the client is left waiting",
  chain: [{ app: "sse" }, "http-proxy-3:fetch-proxy-timeout"],
  trial: { kind: "silence" },
  does: { end: "hung", cause: "total-timeout", culprit: "http-proxy-3" },
  because: "https://github.com/sagemathinc/http-proxy-3",
  fixedBy: "silence-survives-a-straight-pipe",
});
