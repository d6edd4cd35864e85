import { defineScenario } from "../harness/define.ts";

export default defineScenario({
  title: "Behind Varnish a Django view is never told that its client has left: the response might be cached",
  chain: [{ app: "django:gthread" }, "varnish"],
  trial: { kind: "client-leaving" },
  does: { disconnect: "not-propagated", culprit: "varnish" },
  because: "https://varnish-cache.org/docs/7.7/reference/vcl-var.html#beresp-do-stream",
  fixedBy: "varnish-pipe-drops-its-upstream",
});
