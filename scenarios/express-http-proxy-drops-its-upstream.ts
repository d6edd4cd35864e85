import { defineScenario } from "../harness/define.ts";

export default defineScenario({
  title: "express-http-proxy closes its upstream connection when the client leaves",
  chain: [{ app: "sse" }, "express-http-proxy"],
  trial: { kind: "client-leaving" },
  must: { noticeDisconnectWithinMs: 1000 },
});
