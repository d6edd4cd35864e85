import { defineScenario } from "../harness/define.ts";

export default defineScenario({
  title: "Without Cache-Control, Varnish gives a client that comes in mid-stream the stream of the one before",
  chain: [{ app: "sse" }, "varnish"],
  trial: { kind: "late-joiner", cacheControl: [null] },
  does: { source: "collapsed", culprit: "varnish" },
  because: "https://varnish-cache.org/docs/7.7/reference/vcl-var.html#beresp-do-stream",
  fixedBy: "varnish-honors-no-store",
});
