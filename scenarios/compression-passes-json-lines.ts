import { defineScenario } from "../harness/define.ts";

export default defineScenario({
  title: "The compression middleware passes NDJSON on line by line, since it does not compress that type",
  chain: [{ app: "ndjson" }, { server: "http-pipe", middlewares: ["compression"] }],
  request: { acceptEncoding: "gzip" },
  trial: { kind: "lock-step" },
  must: { deliver: "incrementally" },
});
