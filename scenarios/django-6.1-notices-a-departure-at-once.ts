import { defineScenario } from "../harness/define.ts";

export default defineScenario({
  title: "Django 6.1 under Uvicorn notices at once that its client has left",
  chain: [{ app: "django@6.1:uvicorn" }],
  request: { path: "/stream-async" },
  trial: { kind: "client-leaving" },
  must: { noticeDisconnectWithinMs: 1000 },
});
