import { defineScenario } from "../harness/define.ts";

export default defineScenario({
  title: "Varnish with do_gzip = true holds the events of a stream in its compressor",
  chain: [{ app: "sse" }, "varnish:gzip"],
  request: { acceptEncoding: "gzip" },
  trial: { kind: "lock-step" },
  does: { deliver: "buffered", culprit: "varnish" },
  because: "https://varnish-cache.org/docs/7.7/reference/vcl-var.html#beresp-do-gzip",
  fixedBy: "varnish-streams-to-gzip-clients",
});
