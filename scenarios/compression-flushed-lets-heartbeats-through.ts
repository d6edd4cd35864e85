import { defineScenario } from "../harness/define.ts";

export default defineScenario({
  title: "Heartbeats that a compressor flushes keep nginx from cutting the stream",
  chain: [{ app: "sse" }, { server: "http-pipe", middlewares: ["compression:flush"] }, "nginx:short-limits"],
  request: { acceptEncoding: "gzip" },
  trial: { kind: "paced", records: 4, everyMs: 300 },
  must: { end: "complete" },
});
