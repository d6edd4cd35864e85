import { defineScenario } from "../harness/define.ts";

export default defineScenario({
  title: "Hono's compress holds lines of text in its compressor",
  chain: [{ app: "hono:compress" }],
  request: { path: "/lines", acceptEncoding: "gzip" },
  trial: { kind: "lock-step" },
  does: { deliver: "buffered", culprit: "hono" },
  because: "https://hono.dev/docs/middleware/builtin/compress",
  fixedBy: "hono-streams-lines",
});
