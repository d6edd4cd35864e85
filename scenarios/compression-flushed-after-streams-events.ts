import { defineScenario } from "../harness/define.ts";

export default defineScenario({
  title: "res.flush() after each write passes every event on",
  chain: [{ app: "sse" }, { server: "http-pipe", middlewares: ["compression:flush"] }],
  request: { acceptEncoding: "gzip" },
  trial: { kind: "lock-step" },
  must: { deliver: "incrementally", integrity: "intact" },
});
