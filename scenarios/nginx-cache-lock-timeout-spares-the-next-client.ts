import { defineScenario } from "../harness/define.ts";

export default defineScenario({
  title: "A short proxy_cache_lock_timeout gives a concurrent client its own stream, and a client after the end a cached one",
  chain: [{ app: "sse" }, "nginx:cache-lock-timeout"],
  trial: { kind: "late-joiner", cacheControl: [null] },
  does: { source: "cached", culprit: "nginx" },
  because: "https://nginx.org/en/docs/http/ngx_http_proxy_module.html#proxy_cache_lock_timeout",
  fixedBy: "nginx-cache-lock-timeout-honors-no-store",
});
