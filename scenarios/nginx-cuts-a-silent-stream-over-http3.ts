import { defineScenario } from "../harness/define.ts";

export default defineScenario({
  title: "proxy_read_timeout cuts a silent stream visibly over HTTP/3",
  chain: [{ app: "sse" }, "nginx@>=1.26:short-limits"],
  request: { clients: ["h1", "h3"] },
  trial: { kind: "silence" },
  does: { end: "truncated-visibly", cause: "idle-timeout", culprit: "nginx" },
  when: { clients: ["h1", "h3"] },
  because: "https://nginx.org/en/docs/http/ngx_http_proxy_module.html#proxy_read_timeout",
  fixedBy: "silence-survives-a-straight-pipe",
});
