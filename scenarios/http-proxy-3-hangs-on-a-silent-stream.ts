import { defineScenario } from "../harness/define.ts";

export default defineScenario({
  title: "proxyTimeout of http-proxy-3 closes a silent upstream connection and leaves the client waiting",
  chain: [{ app: "sse" }, "http-proxy-3:proxy-timeout"],
  trial: { kind: "silence" },
  does: { end: "hung", cause: "idle-timeout", culprit: "http-proxy-3" },
  because: "https://github.com/sagemathinc/http-proxy-3",
  fixedBy: "silence-survives-a-straight-pipe",
});
