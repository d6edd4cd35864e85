import { defineScenario } from "../harness/define.ts";

export default defineScenario({
  title: "proxy_read_timeout cuts a silent stream visibly, whatever the client speaks",
  chain: [{ app: "sse" }, "nginx:short-limits"],
  request: { clients: ["h1", "h1-tls", "h2", "h2c"] },
  trial: { kind: "silence" },
  does: { end: "truncated-visibly", cause: "idle-timeout", culprit: "nginx" },
  when: { clients: ["h1", "h1-tls", "h2", "h2c"] },
  because: "https://nginx.org/en/docs/http/ngx_http_proxy_module.html#proxy_read_timeout",
  fixedBy: "silence-survives-a-straight-pipe",
});
