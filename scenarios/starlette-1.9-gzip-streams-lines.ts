import { defineScenario } from "../harness/define.ts";

export default defineScenario({
  title: "Starlette 1.9's GZipMiddleware flushes after each item: lines of text stream",
  chain: [{ app: "starlette@1.9:gzip" }],
  request: { acceptEncoding: "gzip", path: "/lines" },
  trial: { kind: "lock-step" },
  must: { deliver: "incrementally", integrity: "intact" },
});
