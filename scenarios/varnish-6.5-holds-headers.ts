import { defineScenario } from "../harness/define.ts";

export default defineScenario({
  title: "Varnish 6.5 holds the header section until there is a body",
  chain: [{ app: "sse" }, "varnish@6.5"],
  trial: { kind: "header-hold" },
  does: { headers: "held", culprit: "varnish" },
  because: "https://github.com/varnishcache/varnish-cache/pull/3538",
  fixedBy: "varnish-passes-headers",
});
