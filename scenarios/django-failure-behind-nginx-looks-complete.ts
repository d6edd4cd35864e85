import { defineScenario } from "../harness/define.ts";

export default defineScenario({
  title: "A Django view that fails in mid-stream looks complete behind nginx, which asks by HTTP/1.0",
  chain: [{ app: "django:gthread" }, "nginx@1.26:unbuffered"],
  trial: { kind: "origin-abort", how: ["close"] },
  does: { end: "truncated-silently", culprit: "nginx" },
  because: "https://nginx.org/en/docs/http/ngx_http_proxy_module.html#proxy_http_version",
  fixedBy: "django-failure-behind-nginx-http-1.1-is-visible",
});
