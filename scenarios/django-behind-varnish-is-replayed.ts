import { defineScenario } from "../harness/define.ts";

export default defineScenario({
  title: "Without Cache-Control, Varnish replays a Django stream",
  chain: [{ app: "django:gthread" }, "varnish"],
  trial: { kind: "late-joiner", cacheControl: [null] },
  does: { source: "cached", culprit: "varnish" },
  because: "https://varnish-cache.org/docs/7.7/reference/varnishd.html#default-ttl",
  fixedBy: "django-behind-varnish-with-no-store-is-not-stored",
});
