import { defineScenario } from "../harness/define.ts";

export default defineScenario({
  title: "Starlette 0.46's GZipMiddleware holds lines of text: it never flushes its compressor",
  chain: [{ app: "starlette@0.46:gzip" }],
  request: { acceptEncoding: "gzip", path: "/lines" },
  trial: { kind: "lock-step" },
  does: { deliver: "buffered", culprit: "starlette" },
  because: "https://github.com/Kludex/starlette/pull/3230",
  fixedBy: "starlette-1.9-gzip-streams-lines",
});
