import { defineScenario } from "../harness/define.ts";

export default defineScenario({
  title: "Varnish with do_stream = false answers 503 when the origin aborts its response",
  chain: [{ app: "sse" }, "varnish:no-stream"],
  trial: { kind: "origin-abort" },
  does: { end: "error-response", culprit: "origin" },
  because: "https://varnish-cache.org/docs/7.7/reference/vcl-var.html#beresp-do-stream",
  fixedBy: "varnish-truncates-visibly",
});
