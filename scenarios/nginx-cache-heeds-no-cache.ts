import { defineScenario } from "../harness/define.ts";

export default defineScenario({
  title: "no-cache keeps the nginx cache from storing, as no-store does",
  chain: [{ app: "sse" }, "nginx:cache"],
  trial: { kind: "late-joiner", cacheControl: ["no-cache"] },
  must: { source: "origin" },
});
