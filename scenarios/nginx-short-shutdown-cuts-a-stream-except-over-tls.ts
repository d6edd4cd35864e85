import { defineScenario } from "../harness/define.ts";

export default defineScenario({
  title: "With worker_shutdown_timeout, a reload of nginx cuts streams that last longer, except over HTTP/1.1 with TLS",
  chain: [{ app: "sse" }, "nginx:short-shutdown"],
  request: { clients: ["h1", "h1-tls", "h2", "h2c"] },
  trial: { kind: "reload" },
  does: { end: "truncated-visibly", cause: "reload", culprit: "nginx" },
  when: { clients: ["h1", "h2", "h2c"] },
  because: "https://nginx.org/en/docs/ngx_core_module.html#worker_shutdown_timeout",
  fixedBy: "nginx-reload-keeps-a-stream-by-each-protocol",
});
