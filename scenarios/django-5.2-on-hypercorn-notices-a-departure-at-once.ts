import { defineScenario } from "../harness/define.ts";

export default defineScenario({
  title: "Django 5.2 on Hypercorn cancels its view as soon as the client has left",
  chain: [{ app: "django@5.2:hypercorn" }],
  request: { path: "/stream-async" },
  trial: { kind: "client-leaving" },
  must: { noticeDisconnectWithinMs: 500 },
});
