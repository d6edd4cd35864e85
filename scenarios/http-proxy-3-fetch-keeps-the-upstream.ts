import { defineScenario } from "../harness/define.ts";

export default defineScenario({
  title: "http-proxy-3 keeps its upstream when the client leaves, where it asks with fetch",
  chain: [{ app: "sse" }, "http-proxy-3:fetch"],
  trial: { kind: "client-leaving" },
  does: { disconnect: "lost", culprit: "http-proxy-3" },
  because: "https://github.com/sagemathinc/http-proxy-3#http2-support-with-fetch",
  twin: "http-proxy-3-drops-its-upstream",
});
