import { defineScenario } from "../harness/define.ts";

export default defineScenario({
  title: "A short proxy_cache_lock_timeout gives the next client a stream of its own, and who comes after the end a stored one",
  chain: [{ app: "sse" }, "nginx:cache-lock-timeout"],
  trial: { kind: "late-joiner", cacheControl: [null] },
  does: { source: "cached", culprit: "nginx" },
  because: "https://nginx.org/en/docs/http/ngx_http_proxy_module.html#proxy_cache_lock_timeout",
  twin: "nginx-cache-lock-timeout-honours-no-store",
});
