import { defineScenario } from "../harness/define.ts";

export default defineScenario({
  title: "Varnish with do_gzip = true holds events even for a client that accepts no gzip: it stores compressed, and decompresses",
  chain: [{ app: "sse" }, "varnish:gzip"],
  trial: { kind: "lock-step" },
  does: { deliver: "buffered", culprit: "varnish" },
  because: "https://varnish-cache.org/docs/7.7/reference/vcl-var.html#beresp-do-gzip",
  fixedBy: "varnish-streams-events",
});
