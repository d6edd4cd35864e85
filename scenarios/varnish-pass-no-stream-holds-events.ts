import { defineScenario } from "../harness/define.ts";

export default defineScenario({
  title: "do_stream = false holds what return (pass) would stream",
  chain: [{ app: "sse" }, "varnish:pass-no-stream"],
  trial: { kind: "lock-step" },
  does: { deliver: "buffered", culprit: "varnish" },
  because: "https://varnish-cache.org/docs/7.7/reference/vcl-var.html#beresp-do-stream",
  fixedBy: "varnish-pass-streams-events",
});
