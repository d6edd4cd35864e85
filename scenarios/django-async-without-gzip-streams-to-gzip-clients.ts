import { defineScenario } from "../harness/define.ts";

export default defineScenario({
  title: "Django without GZipMiddleware streams an async iterator to a client that accepts gzip",
  chain: [{ app: "django:uvicorn" }],
  request: { acceptEncoding: "gzip", path: "/stream-async" },
  trial: { kind: "lock-step" },
  must: { deliver: "incrementally", integrity: "intact" },
});
