import { defineScenario } from "../harness/define.ts";

export default defineScenario({
  title: "Around everything but event streams, CompressionStream leaves events to pass one by one",
  chain: [{ app: "sse" }, { server: "http-pipe", middlewares: ["compression-stream:skips-events"] }],
  request: { acceptEncoding: "gzip" },
  trial: { kind: "lock-step" },
  must: { deliver: "incrementally", integrity: "intact" },
});
