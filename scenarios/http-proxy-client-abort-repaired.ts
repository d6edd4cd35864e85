import { defineScenario } from "../harness/define.ts";

export default defineScenario({
  title: "http-proxy closes its upstream connection immediately if it destroys the proxied request",
  chain: [{ app: "sse" }, "http-proxy:client-abort"],
  trial: { kind: "client-leaving" },
  must: { noticeDisconnectWithinMs: 1000 },
});
