import { defineScenario } from "../harness/define.ts";

export default defineScenario({
  title: "proxy_buffering off silently disables proxy_cache: every client gets its own stream",
  chain: [{ app: "sse" }, "nginx:cache-unbuffered"],
  trial: { kind: "late-joiner", cacheControl: [null] },
  must: { source: "origin" },
});
