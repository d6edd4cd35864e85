import { defineScenario } from "../harness/define.ts";

export default defineScenario({
  title: "With a short proxy_cache_lock_timeout and no-store, every client has its own stream",
  chain: [{ app: "sse" }, "nginx:cache-lock-timeout"],
  trial: { kind: "late-joiner", cacheControl: ["no-store"] },
  must: { source: "origin" },
});
