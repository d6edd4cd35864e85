import { defineScenario } from "../harness/define.ts";

export default defineScenario({
  title: "A VCL that sets beresp.ttl and returns (deliver) stores what no-store forbids to store",
  chain: [{ app: "sse" }, "varnish:fixed-ttl"],
  trial: { kind: "late-joiner", cacheControl: ["no-store"] },
  does: { source: "cached", culprit: "varnish" },
  because: "https://github.com/varnishcache/varnish-cache/blob/varnish-7.7.0/bin/varnishd/builtin.vcl",
  fixedBy: "varnish-kept-ttl-honors-no-store",
});
