import { defineScenario } from "../harness/define.ts";

export default defineScenario({
  title: "nginx with proxy_buffering on holds the header section until the first byte of the body, over HTTP/1.1 too",
  chain: [{ app: "sse" }, "nginx:http-1.1"],
  trial: { kind: "header-hold" },
  does: { headers: "held", culprit: "nginx" },
  because: "https://nginx.org/en/docs/http/ngx_http_proxy_module.html#proxy_buffering",
  fixedBy: "nginx-unbuffered-passes-headers",
});
