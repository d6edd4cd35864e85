import { defineScenario } from "../harness/define.ts";

export default defineScenario({
  title: "proxy_read_timeout is an idle timeout: it cuts a silent stream, but not one with heartbeats",
  chain: [{ app: "sse" }, "nginx:short-limits"],
  trial: { kind: "silence" },
  does: { end: "truncated-visibly", cause: "idle-timeout", culprit: "nginx" },
  because: "https://nginx.org/en/docs/http/ngx_http_proxy_module.html#proxy_read_timeout",
  fixedBy: "silence-survives-a-straight-pipe",
});
