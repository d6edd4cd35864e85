import { defineScenario } from "../harness/define.ts";

export default defineScenario({
  title:
    "nginx before 1.26 leaves an HTTP/2 header section in the buffer of the TLS connection until there is a body, proxy_buffering off or not",
  chain: [{ app: "sse" }, "nginx@<1.26:unbuffered"],
  request: { clients: ["h1", "h1-tls", "h2", "h2c"] },
  trial: { kind: "header-hold" },
  does: { headers: "held", culprit: "nginx" },
  when: { clients: ["h2"] },
  because: "https://nginx.org/en/docs/http/ngx_http_ssl_module.html#ssl_buffer_size",
  fixedBy: "nginx-unbuffered-passes-headers-by-each-protocol",
});
