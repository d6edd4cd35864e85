import { defineScenario } from "../harness/define.ts";

export default defineScenario({
  title:
    "With worker_shutdown_timeout, a reload of nginx closes HTTP/1.1 with TLS without a response: all of it was still in the TLS buffer",
  chain: [{ app: "sse" }, "nginx:short-shutdown"],
  request: { clients: ["h1", "h1-tls", "h2", "h2c"] },
  trial: { kind: "reload" },
  // nginx closes both sides as its process ends: which of them is seen first says nothing.
  does: { end: "no-response" },
  when: { clients: ["h1-tls"] },
  because: "https://nginx.org/en/docs/ngx_core_module.html#worker_shutdown_timeout",
  fixedBy: "nginx-reload-keeps-a-stream-by-each-protocol",
});
