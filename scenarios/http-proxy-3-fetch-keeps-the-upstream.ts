import { defineScenario } from "../harness/define.ts";

export default defineScenario({
  title: "http-proxy-3 with fetch keeps its upstream connection when the client leaves",
  chain: [{ app: "sse" }, "http-proxy-3:fetch"],
  trial: { kind: "client-leaving" },
  does: { disconnect: "not-propagated", culprit: "http-proxy-3" },
  because: "https://github.com/sagemathinc/http-proxy-3#http2-support-with-fetch",
  fixedBy: "http-proxy-3-drops-its-upstream",
});
