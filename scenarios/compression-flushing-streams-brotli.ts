import { defineScenario } from "../harness/define.ts";

export default defineScenario({
  title: "The compression middleware with an encoder that flushes every write streams Brotli without res.flush()",
  chain: [{ app: "sse" }, { server: "http-pipe", middlewares: ["compression:sync-flush"] }],
  request: { acceptEncoding: "br" },
  trial: { kind: "lock-step" },
  must: { deliver: "incrementally", integrity: "intact" },
});
