import { defineScenario } from "../harness/define.ts";

export default defineScenario({
  title: "compression() in Express streams, once each record is flushed",
  chain: [{ app: "express:compression-flushed" }],
  request: { acceptEncoding: "gzip" },
  trial: { kind: "lock-step" },
  must: { deliver: "incrementally", integrity: "intact" },
});
