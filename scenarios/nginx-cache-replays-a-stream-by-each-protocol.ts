import { defineScenario } from "../harness/define.ts";

export default defineScenario({
  title: "The nginx cache replays a client's stream to the next client, whatever they speak",
  chain: [{ app: "sse" }, "nginx:cache"],
  request: { clients: ["h1", "h1-tls", "h2", "h2c"] },
  trial: { kind: "late-joiner", cacheControl: [null] },
  does: { source: "cached", culprit: "nginx" },
  when: { clients: ["h1", "h1-tls", "h2", "h2c"] },
  because: "https://nginx.org/en/docs/http/ngx_http_proxy_module.html#proxy_cache_valid",
  fixedBy: "nginx-cache-honors-no-store-by-each-protocol",
});
