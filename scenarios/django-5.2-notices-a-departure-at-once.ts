import { defineScenario } from "../harness/define.ts";

export default defineScenario({
  title: "Django 5.2 under Uvicorn cancels its view as soon as the client has left (CancelledError)",
  chain: [{ app: "django@5.2:uvicorn" }, "nginx:unbuffered"],
  request: { path: "/stream-async" },
  trial: { kind: "client-leaving" },
  must: { noticeDisconnectWithinMs: 500 },
});
