import { defineScenario } from "../harness/define.ts";

export default defineScenario({
  title: "nginx 1.18 in its default configuration holds small events to the end",
  chain: [{ app: "sse" }, "nginx@1.18"],
  trial: { kind: "paced" },
  does: { deliver: "buffered", culprit: "nginx" },
  because: "https://github.com/matrix-org/synapse/pull/14414",
  fixedBy: "nginx-1.30-streams-events",
});
