import { defineScenario } from "../harness/define.ts";

export default defineScenario({
  title: "http-proxy keeps its upstream when the client leaves",
  chain: [{ app: "sse" }, "http-proxy"],
  trial: { kind: "client-leaving" },
  does: { disconnect: "lost", culprit: "http-proxy" },
  because: "https://github.com/http-party/node-http-proxy/pull/1559",
  twin: "http-proxy-client-abort-repaired",
});
