import { defineScenario } from "../harness/define.ts";

export default defineScenario({
  title: "Cache-Control: no-transform keeps CompressionStream from compressing the rows of a CSV",
  chain: [{ app: "csv" }, { server: "http-pipe", middlewares: ["compression-stream:skips-events"] }],
  request: { acceptEncoding: "gzip" },
  response: { headers: [["Cache-Control", "no-transform"]] },
  trial: { kind: "lock-step" },
  must: { deliver: "incrementally", integrity: "intact" },
});
