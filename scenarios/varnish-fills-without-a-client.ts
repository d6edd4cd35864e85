import { defineScenario } from "../harness/define.ts";

export default defineScenario({
  title: "Varnish keeps fetching a response that it may cache after its client has left",
  chain: [{ app: "sse" }, "varnish"],
  trial: { kind: "client-leaving" },
  does: { disconnect: "not-propagated", culprit: "varnish" },
  because: "https://varnish-cache.org/docs/7.7/reference/vcl-var.html#beresp-do-stream",
  fixedBy: "varnish-pipe-drops-its-upstream",
});
