import { defineScenario } from "../harness/define.ts";

export default defineScenario({
  title: "proxy_cache_lock gives every client its own stream if the origin sends no-store",
  chain: [{ app: "sse" }, "nginx:cache-lock"],
  trial: { kind: "late-joiner", cacheControl: ["no-store"] },
  must: { source: "origin" },
});
