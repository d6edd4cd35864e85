import { defineScenario } from "../harness/define.ts";

export default defineScenario({
  title: "An idle time-out of one second cuts a silent stream, and heartbeats survive it",
  chain: [{ app: "sse" }, { server: "http-pipe", middlewares: ["timeout:idle"] }],
  trial: { kind: "silence" },
  does: { end: "incomplete-visible", cause: "idle-limit", culprit: "timeout" },
  because: "https://github.com/expressjs/timeout#readme",
  twin: "silence-survives-a-straight-pipe",
  showcase: true,
});
