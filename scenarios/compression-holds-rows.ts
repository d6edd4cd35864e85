import { defineScenario } from "../harness/define.ts";

export default defineScenario({
  title: "The compression middleware holds the rows of a CSV",
  chain: [{ app: "csv" }, { server: "http-pipe", middlewares: ["compression"] }],
  request: { acceptEncoding: "gzip" },
  trial: { kind: "paced" },
  does: { deliver: "buffered", culprit: "compression" },
  because: "https://github.com/expressjs/compression#server-sent-events",
  fixedBy: "compression-passes-json-lines",
});
