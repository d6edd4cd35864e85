import { defineScenario } from "../harness/define.ts";

export default defineScenario({
  title: "Vinyl Cache with do_gzip = true holds the events of a stream in its compressor",
  chain: [{ app: "sse" }, "vinyl:gzip"],
  request: { acceptEncoding: "gzip" },
  trial: { kind: "lock-step" },
  does: { deliver: "buffered", culprit: "vinyl" },
  because: "https://vinyl-cache.org/docs/9.0/reference/vcl-var.html#beresp-do-gzip",
  fixedBy: "vinyl-streams-to-gzip-clients",
});
