import { defineScenario } from "../harness/define.ts";

export default defineScenario({
  title: "Hono calls onAbort as soon as the client has left",
  chain: [{ app: "hono" }],
  trial: { kind: "client-leaving" },
  must: { noticeDisconnectWithinMs: 1000 },
});
