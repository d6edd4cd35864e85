import { defineScenario } from "../harness/define.ts";

export default defineScenario({
  title: "With proxy_ignore_client_abort on, nginx notices at its next write that the client has left, except over HTTP/1.1 with TLS",
  chain: [{ app: "sse" }, "nginx:ignores-client-abort"],
  request: { clients: ["h1", "h1-tls", "h2", "h2c"] },
  trial: { kind: "client-leaving" },
  does: { disconnect: "propagated-on-next-write", culprit: "nginx" },
  when: { clients: ["h1", "h2", "h2c"] },
  because: "https://nginx.org/en/docs/http/ngx_http_proxy_module.html#proxy_ignore_client_abort",
  fixedBy: "nginx-drops-its-upstream-by-each-protocol",
});
