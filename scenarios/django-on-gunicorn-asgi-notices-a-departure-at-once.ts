import { defineScenario } from "../harness/define.ts";

export default defineScenario({
  title: "Under Gunicorn's own ASGI worker, Django notices at once that its client has left",
  chain: [{ app: "django@5.2:gunicorn-asgi" }],
  request: { path: "/stream-async" },
  trial: { kind: "client-leaving" },
  must: { noticeDisconnectWithinMs: 1000 },
});
