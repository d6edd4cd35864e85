import { defineScenario } from "../harness/define.ts";

export default defineScenario({
  title: "The compression middleware holds proxied events, since no one calls flush",
  chain: [{ app: "sse" }, { server: "http-proxy", middlewares: ["compression"] }],
  request: { acceptEncoding: "gzip" },
  trial: { kind: "paced" },
  does: { deliver: "buffered", culprit: "compression" },
  because: "https://github.com/expressjs/compression/issues/61",
  fixedBy: "compression-leaves-no-transform-alone",
});
