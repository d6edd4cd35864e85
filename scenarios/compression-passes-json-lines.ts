import { defineScenario } from "../harness/define.ts";

export default defineScenario({
  title: "The compression middleware passes NDJSON on line by line: its list of types to compress does not have it",
  chain: [{ app: "ndjson" }, { server: "http-pipe", middlewares: ["compression"] }],
  request: { acceptEncoding: "gzip" },
  trial: { kind: "lock-step" },
  must: { deliver: "incrementally" },
});
