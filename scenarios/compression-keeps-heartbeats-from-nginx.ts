import { defineScenario } from "../harness/define.ts";

export default defineScenario({
  title: "nginx takes a stream for silent whose heartbeats nobody flushes out of compression",
  chain: [{ app: "sse" }, { server: "http-pipe", middlewares: ["compression"] }, "nginx:short-limits"],
  request: { acceptEncoding: "gzip" },
  trial: { kind: "paced", records: 4, everyMs: 300 },
  does: { end: "incomplete-visible", culprit: "nginx" },
  because: "https://github.com/toverux/expresse/issues/4",
  twin: "compression-flushed-lets-heartbeats-through",
});
