import { defineScenario } from "../harness/define.ts";

export default defineScenario({
  title: "A Django view that fails in mid-stream is visible behind Varnish",
  chain: [{ app: "django:gthread" }, "varnish"],
  trial: { kind: "origin-abort" },
  must: { end: "visibly" },
});
