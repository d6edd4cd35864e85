import { defineScenario } from "../harness/define.ts";

export default defineScenario({
  title: "res.flush() before each write instead of after it makes every event one event late",
  chain: [{ app: "sse" }, { server: "http-pipe", middlewares: ["compression:flush-before"] }],
  request: { acceptEncoding: "gzip" },
  trial: { kind: "paced" },
  does: { deliver: "lagging", culprit: "compression" },
  because: "https://github.com/dpskvn/express-sse/issues/26",
  fixedBy: "compression-flushed-after-streams-events",
});
