import { defineScenario } from "../harness/define.ts";

export default defineScenario({
  title: "Starlette 0.26 cancels its iterator as soon as the client has left",
  chain: [{ app: "starlette@0.26" }],
  trial: { kind: "client-leaving" },
  must: { noticeDisconnectWithinMs: 500 },
});
