import { defineScenario } from "../harness/define.ts";

export default defineScenario({
  title: "nginx cuts a stream as silent if a compressor before it holds the heartbeats",
  chain: [{ app: "sse" }, { server: "http-pipe", middlewares: ["compression"] }, "nginx:short-limits"],
  request: { acceptEncoding: "gzip" },
  trial: { kind: "paced", records: 4, everyMs: 300 },
  does: { end: "truncated-visibly", culprit: "nginx" },
  because: "https://github.com/toverux/expresse/issues/4",
  fixedBy: "compression-flushed-lets-heartbeats-through",
});
