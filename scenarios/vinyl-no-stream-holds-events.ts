import { defineScenario } from "../harness/define.ts";

export default defineScenario({
  title: "Vinyl Cache with do_stream = false holds a response until it has all of it",
  chain: [{ app: "sse" }, "vinyl:no-stream"],
  trial: { kind: "lock-step" },
  does: { deliver: "buffered", culprit: "vinyl" },
  because: "https://vinyl-cache.org/docs/9.0/reference/vcl-var.html#beresp-do-stream",
  fixedBy: "vinyl-streams-events",
});
