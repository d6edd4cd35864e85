import { defineScenario } from "../harness/define.ts";

export default defineScenario({
  title: "http-proxy drops its upstream at once when it destroys the proxied request",
  chain: [{ app: "sse" }, "http-proxy:client-abort"],
  trial: { kind: "client-leaving" },
  must: { noticeDisconnectWithinMs: 1000 },
});
