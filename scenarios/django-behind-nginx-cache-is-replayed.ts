import { defineScenario } from "../harness/define.ts";

export default defineScenario({
  title: "Without Cache-Control, nginx with proxy_cache_valid replays a Django stream",
  chain: [{ app: "django:gthread" }, "nginx:cache"],
  trial: { kind: "late-joiner", cacheControl: [null] },
  does: { source: "cached", culprit: "nginx" },
  because: "https://nginx.org/en/docs/http/ngx_http_proxy_module.html#proxy_cache_valid",
  fixedBy: "django-behind-nginx-cache-with-no-store-is-not-stored",
});
