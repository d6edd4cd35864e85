import { defineScenario } from "../harness/define.ts";

export default defineScenario({
  title: "HTTP/1.0 to the upstream makes a truncated stream look complete, over HTTP/2 too: nginx itself does not learn of the cut",
  chain: [{ app: "sse" }, "nginx:http-1.0"],
  request: { clients: ["h1", "h1-tls", "h2", "h2c"] },
  trial: { kind: "origin-abort", how: ["close", "no-last-chunk"] },
  does: { end: "truncated-silently", culprit: "nginx" },
  when: { clients: ["h1", "h1-tls", "h2", "h2c"] },
  because: "https://nginx.org/en/docs/http/ngx_http_proxy_module.html#proxy_http_version",
  fixedBy: "nginx-http-1.1-truncates-visibly-by-each-protocol",
});
