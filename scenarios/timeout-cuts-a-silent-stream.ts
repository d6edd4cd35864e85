import { defineScenario } from "../harness/define.ts";

export default defineScenario({
  title: "An idle timeout of one second cuts a silent stream, but not one with heartbeats",
  chain: [{ app: "sse" }, { server: "http-pipe", middlewares: ["timeout:idle"] }],
  trial: { kind: "silence" },
  does: { end: "truncated-visibly", cause: "idle-timeout", culprit: "timeout" },
  because: "https://github.com/expressjs/timeout#readme",
  fixedBy: "silence-survives-a-straight-pipe",
  showcase: true,
});
