import { defineScenario } from "../harness/define.ts";

export default defineScenario({
  title: "GZipMiddleware of Django 6.1 flushes each item of an async stream into one gzip member",
  chain: [{ app: "django@6.1:uvicorn-gzip" }],
  request: { path: "/stream-async", acceptEncoding: "gzip" },
  trial: { kind: "lock-step" },
  must: { deliver: "incrementally", integrity: "intact" },
});
