import { defineScenario } from "../harness/define.ts";

export default defineScenario({
  title: "By default, nginx cuts a stream that is silent for a minute (proxy_read_timeout)",
  chain: [{ app: "sse" }, "nginx:http-1.1"],
  timeScale: 20,
  trial: { kind: "silence", silentMs: 66_000 },
  does: { end: "truncated-visibly", cause: "idle-timeout", culprit: "nginx" },
  because: "https://nginx.org/en/docs/http/ngx_http_proxy_module.html#proxy_read_timeout",
  fixedBy: "nginx-survives-silence-of-nearly-a-minute",
});
