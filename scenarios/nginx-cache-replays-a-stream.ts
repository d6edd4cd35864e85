import { defineScenario } from "../harness/define.ts";

export default defineScenario({
  title: "The nginx cache replays a client's stream to the next client",
  chain: [{ app: "sse" }, "nginx:cache"],
  trial: { kind: "late-joiner", cacheControl: [null] },
  does: { source: "cached", culprit: "nginx" },
  because: "https://nginx.org/en/docs/http/ngx_http_proxy_module.html#proxy_cache_valid",
  fixedBy: "nginx-cache-honors-no-store",
});
