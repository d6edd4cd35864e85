import { defineScenario } from "../harness/define.ts";

export default defineScenario({
  title: "http-proxy-middleware 3 drops its upstream when the client leaves, which http-proxy under it does not",
  chain: [{ app: "sse" }, "http-proxy-middleware-3"],
  trial: { kind: "client-leaving" },
  must: { noticeDisconnectWithinMs: 1000 },
});
