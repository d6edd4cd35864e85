import { defineScenario } from "../harness/define.ts";

export default defineScenario({
  title: "Without Cache-Control, Vinyl Cache gives a client that comes in mid-stream the stream of the one before",
  chain: [{ app: "sse" }, "vinyl"],
  trial: { kind: "late-joiner", cacheControl: [null] },
  does: { source: "collapsed", culprit: "vinyl" },
  because: "https://vinyl-cache.org/docs/9.0/reference/vcl-var.html#beresp-do-stream",
  fixedBy: "vinyl-honors-no-store",
});
