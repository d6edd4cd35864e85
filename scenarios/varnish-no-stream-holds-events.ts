import { defineScenario } from "../harness/define.ts";

export default defineScenario({
  title: "Varnish with do_stream = false holds a response until it has all of it",
  chain: [{ app: "sse" }, "varnish:no-stream"],
  trial: { kind: "lock-step" },
  does: { deliver: "buffered", culprit: "varnish" },
  because: "https://varnish-cache.org/docs/7.7/reference/vcl-var.html#beresp-do-stream",
  fixedBy: "varnish-streams-events",
});
