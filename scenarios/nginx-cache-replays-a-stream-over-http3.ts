import { defineScenario } from "../harness/define.ts";

export default defineScenario({
  title: "The nginx cache replays a client's stream to the next client over HTTP/3",
  chain: [{ app: "sse" }, "nginx@>=1.26:cache"],
  request: { clients: ["h1", "h3"] },
  trial: { kind: "late-joiner", cacheControl: [null] },
  does: { source: "cached", culprit: "nginx" },
  when: { clients: ["h1", "h3"] },
  because: "https://nginx.org/en/docs/http/ngx_http_proxy_module.html#proxy_cache_valid",
  fixedBy: "nginx-cache-honors-no-store-over-http3",
});
