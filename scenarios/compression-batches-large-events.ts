import { defineScenario } from "../harness/define.ts";

export default defineScenario({
  title: "The compression middleware releases incompressible events in blocks of 16 kB",
  chain: [{ app: "sse" }, { server: "http-pipe", middlewares: ["compression"] }],
  request: { acceptEncoding: "gzip" },
  trial: { kind: "paced", recordBytes: 3000, records: 12 },
  does: { deliver: "batched", culprit: "compression" },
  because: "https://nodejs.org/api/zlib.html#flushing",
  fixedBy: "compression-flushed-after-streams-events",
});
