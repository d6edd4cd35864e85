import { defineScenario } from "../harness/define.ts";

export default defineScenario({
  title: "Varnish passes on each event of a Django stream, and would cache it",
  chain: [{ app: "django:gthread" }, "varnish"],
  trial: { kind: "lock-step" },
  must: { deliver: "incrementally" },
});
