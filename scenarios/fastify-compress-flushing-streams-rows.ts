import { defineScenario } from "../harness/define.ts";

export default defineScenario({
  title: "@fastify/compress that flushes every write passes the rows of a CSV on",
  chain: [{ app: "csv" }, "fastify-http-proxy:compress-flush"],
  request: { acceptEncoding: "gzip" },
  trial: { kind: "lock-step" },
  must: { deliver: "incrementally", integrity: "intact" },
});
