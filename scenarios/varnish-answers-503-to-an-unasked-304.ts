import { defineScenario } from "../harness/define.ts";

export default defineScenario({
  title: "Varnish answers 503 if the origin answers 304 to a request of Varnish's that was not conditional",
  chain: [{ app: "sse" }, "varnish"],
  trial: { kind: "bodyless" },
  does: { end: "error-response", culprit: "varnish" },
  because: "https://github.com/varnishcache/varnish-cache/blob/varnish-7.7.0/bin/varnishd/cache/cache_fetch.c",
  fixedBy: "varnish-pass-ends-bodyless",
});
