import { defineScenario } from "../harness/define.ts";

export default defineScenario({
  title: "proxy_read_timeout is an idle limit: it cuts silence, and heartbeats survive it",
  chain: [{ app: "sse" }, "nginx:short-limits"],
  trial: { kind: "silence" },
  does: { end: "incomplete-visible", cause: "idle-limit", culprit: "nginx" },
  because: "https://nginx.org/en/docs/http/ngx_http_proxy_module.html#proxy_read_timeout",
  twin: "silence-survives-a-straight-pipe",
});
