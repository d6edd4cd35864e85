import { defineScenario } from "../harness/define.ts";

export default defineScenario({
  title: "Starlette 0.46's GZipMiddleware leaves event streams alone",
  chain: [{ app: "starlette@0.46:gzip" }],
  request: { acceptEncoding: "gzip" },
  trial: { kind: "lock-step" },
  must: { deliver: "incrementally", integrity: "intact" },
});
