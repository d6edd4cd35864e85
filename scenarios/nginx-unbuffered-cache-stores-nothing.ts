import { defineScenario } from "../harness/define.ts";

export default defineScenario({
  title: "proxy_buffering off turns proxy_cache off without a word",
  chain: [{ app: "sse" }, "nginx:cache-unbuffered"],
  trial: { kind: "late-joiner", cacheControl: [null] },
  does: { source: "origin" },
  because: "https://nginx.org/en/docs/http/ngx_http_proxy_module.html#proxy_buffering",
});
