import { defineScenario } from "../harness/define.ts";

export default defineScenario({
  title: "A total timeout of one second cuts a stream despite its heartbeats",
  chain: [{ app: "sse" }, { server: "http-pipe", middlewares: ["timeout:total"] }],
  trial: { kind: "silence" },
  does: { end: "truncated-visibly", cause: "total-timeout", culprit: "timeout" },
  because: "https://github.com/expressjs/timeout#readme",
  fixedBy: "silence-survives-a-straight-pipe",
});
