import { defineScenario } from "../harness/define.ts";

export default defineScenario({
  title: "Without Cache-Control, Varnish stores a stream for two minutes (default_ttl), and replays it",
  chain: [{ app: "sse" }, "varnish"],
  trial: { kind: "late-joiner", cacheControl: [null] },
  does: { source: "cached", culprit: "varnish" },
  because: "https://varnish-cache.org/docs/7.7/reference/varnishd.html#default-ttl",
  fixedBy: "varnish-honors-no-store",
});
