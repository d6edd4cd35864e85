import { defineScenario } from "../harness/define.ts";

export default defineScenario({
  title: "Vinyl Cache with return (pass) notices that its client has left when it writes next",
  chain: [{ app: "sse" }, "vinyl:pass"],
  trial: { kind: "client-leaving" },
  does: { disconnect: "propagated-on-next-write", culprit: "vinyl" },
  because: "https://github.com/varnishcache/varnish-cache/blob/varnish-7.7.0/bin/varnishd/cache/cache_obj.c",
  fixedBy: "vinyl-pipe-drops-its-upstream",
});
