import { defineScenario } from "../harness/define.ts";

export default defineScenario({
  title: "A total time-out of one second cuts a stream in spite of its heartbeats",
  chain: [{ app: "sse" }, { server: "http-pipe", middlewares: ["timeout:total"] }],
  trial: { kind: "silence" },
  does: { end: "incomplete-visible", cause: "total-limit", culprit: "timeout" },
  because: "https://github.com/expressjs/timeout#readme",
  twin: "silence-survives-a-straight-pipe",
});
