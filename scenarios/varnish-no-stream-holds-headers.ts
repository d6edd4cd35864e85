import { defineScenario } from "../harness/define.ts";

export default defineScenario({
  title: "Varnish with do_stream = false holds the header section until it has the whole body",
  chain: [{ app: "sse" }, "varnish:no-stream"],
  trial: { kind: "header-hold" },
  does: { headers: "held", culprit: "varnish" },
  because: "https://varnish-cache.org/docs/7.7/reference/vcl-var.html#beresp-do-stream",
  fixedBy: "varnish-passes-headers",
});
