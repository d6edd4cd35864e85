import { defineScenario } from "../harness/define.ts";

export default defineScenario({
  title: "Starlette 1.9 cancels its iterator as soon as the client has left",
  chain: [{ app: "starlette@1.9" }],
  trial: { kind: "client-leaving" },
  must: { noticeDisconnectWithinMs: 500 },
});
