import { defineScenario } from "../harness/define.ts";

export default defineScenario({
  title: "Django 5.2 on Daphne cancels its view as soon as the client has left",
  chain: [{ app: "django@5.2:daphne" }],
  request: { path: "/stream-async" },
  trial: { kind: "client-leaving" },
  must: { noticeDisconnectWithinMs: 500 },
});
