import { defineScenario } from "../harness/define.ts";

export default defineScenario({
  title: "nginx with proxy_buffering on holds the header section until the first byte of the body, except over HTTP/2 without TLS",
  chain: [{ app: "sse" }, "nginx:http-1.1"],
  request: { clients: ["h1", "h1-tls", "h2", "h2c"] },
  trial: { kind: "header-hold" },
  does: { headers: "held", culprit: "nginx" },
  when: { clients: ["h1", "h1-tls", "h2"] },
  because: "https://nginx.org/en/docs/http/ngx_http_core_module.html#postpone_output",
  fixedBy: "nginx-unbuffered-passes-headers-by-each-protocol",
});
