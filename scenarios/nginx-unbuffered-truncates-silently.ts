import { defineScenario } from "../harness/define.ts";

export default defineScenario({
  title: "proxy_buffering off fixes the hold over HTTP/1.0, but not the silent truncation",
  chain: [{ app: "sse" }, "nginx@<1.29.7:unbuffered"],
  trial: { kind: "origin-abort", how: ["close", "no-last-chunk"] },
  does: { end: "truncated-silently", culprit: "nginx" },
  because: "https://nginx.org/en/docs/http/ngx_http_proxy_module.html#proxy_http_version",
  fixedBy: "nginx-http-1.1-truncates-visibly",
});
