import { defineScenario } from "../harness/define.ts";

export default defineScenario({
  title:
    "With proxy_ignore_client_abort on, nginx reads a stream to its end for a client of HTTP/1.1 with TLS that has left: what it has for it stays in the TLS buffer",
  chain: [{ app: "sse" }, "nginx:ignores-client-abort"],
  request: { clients: ["h1", "h1-tls", "h2", "h2c"] },
  trial: { kind: "client-leaving" },
  does: { disconnect: "not-propagated", culprit: "nginx" },
  when: { clients: ["h1-tls"] },
  because: "https://nginx.org/en/docs/http/ngx_http_proxy_module.html#proxy_ignore_client_abort",
  fixedBy: "nginx-drops-its-upstream-by-each-protocol",
});
