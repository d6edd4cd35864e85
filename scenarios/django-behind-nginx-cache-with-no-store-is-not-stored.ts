import { defineScenario } from "../harness/define.ts";

export default defineScenario({
  title: "A Django view that sets no-store or no-cache is asked for every client of the nginx cache",
  chain: [{ app: "django:gthread" }, "nginx:cache"],
  trial: { kind: "late-joiner", cacheControl: ["no-cache", "no-store"] },
  must: { source: "origin" },
});
