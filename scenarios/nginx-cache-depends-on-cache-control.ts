import { defineScenario } from "../harness/define.ts";

export default defineScenario({
  title: "no-cache and no-store keep the nginx cache from storing a stream; without Cache-Control it is stored",
  chain: [{ app: "sse" }, "nginx:cache"],
  trial: { kind: "late-joiner", cacheControl: [null, "no-cache", "no-store"] },
  does: { source: "cached", culprit: "nginx" },
  because: "https://nginx.org/en/docs/http/ngx_http_proxy_module.html#proxy_cache_valid",
  fixedBy: "nginx-cache-honors-no-store",
});
