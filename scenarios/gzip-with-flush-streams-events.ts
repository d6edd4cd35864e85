import { defineScenario } from "../harness/define.ts";

export default defineScenario({
  title: "A gzip middleware that flushes every write passes every event on",
  chain: [{ app: "sse" }, { server: "http-pipe", middlewares: ["gzip:flush"] }],
  request: { acceptEncoding: "gzip" },
  trial: { kind: "lock-step" },
  must: { deliver: "incrementally", integrity: "intact" },
  showcase: true,
});
