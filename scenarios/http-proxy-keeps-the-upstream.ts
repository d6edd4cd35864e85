import { defineScenario } from "../harness/define.ts";

export default defineScenario({
  title: "http-proxy keeps its upstream connection when the client leaves",
  chain: [{ app: "sse" }, "http-proxy"],
  trial: { kind: "client-leaving" },
  does: { disconnect: "not-propagated", culprit: "http-proxy" },
  because: "https://github.com/http-party/node-http-proxy/pull/1559",
  fixedBy: "http-proxy-client-abort-repaired",
});
