import { defineScenario } from "../harness/define.ts";

export default defineScenario({
  title: "Django without GZipMiddleware streams to a client that accepts gzip",
  chain: [{ app: "django:gthread" }],
  request: { acceptEncoding: "gzip" },
  trial: { kind: "lock-step" },
  must: { deliver: "incrementally", integrity: "intact" },
});
