import { defineScenario } from "../harness/define.ts";

export default defineScenario({
  title: "Django streams a StreamingHttpResponse over an async iterator under ASGI, and nginx passes it on",
  chain: [{ app: "django:uvicorn" }, "nginx:unbuffered"],
  request: { path: "/stream-async" },
  trial: { kind: "lock-step" },
  must: { deliver: "incrementally", end: "complete", integrity: "intact", source: "origin" },
});
