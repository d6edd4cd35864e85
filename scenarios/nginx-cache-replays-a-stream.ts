import { defineScenario } from "../harness/define.ts";

export default defineScenario({
  title: "The nginx cache answers the next client with the stream of the one before",
  chain: [{ app: "sse" }, "nginx:cache"],
  trial: { kind: "late-joiner", cacheControl: [null] },
  does: { source: "cached", culprit: "nginx" },
  because: "https://nginx.org/en/docs/http/ngx_http_proxy_module.html#proxy_cache_valid",
  twin: "nginx-cache-honours-no-store",
});
