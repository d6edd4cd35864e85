import { defineScenario } from "../harness/define.ts";

export default defineScenario({
  title: "A Django view that sets no-store is asked for every client of Varnish",
  chain: [{ app: "django:gthread" }, "varnish"],
  trial: { kind: "late-joiner", cacheControl: ["no-cache", "no-store"] },
  must: { source: "origin" },
});
