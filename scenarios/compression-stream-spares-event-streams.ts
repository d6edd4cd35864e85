import { defineScenario } from "../harness/define.ts";

export default defineScenario({
  title: "CompressionStream around everything except event streams passes events one by one",
  chain: [{ app: "sse" }, { server: "http-pipe", middlewares: ["compression-stream:skips-events"] }],
  request: { acceptEncoding: "gzip" },
  trial: { kind: "lock-step" },
  must: { deliver: "incrementally", integrity: "intact" },
});
