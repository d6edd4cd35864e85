import { defineScenario } from "../harness/define.ts";

export default defineScenario({
  title: "Without a proxy_read_timeout of its own nginx cuts a stream that is silent for a minute",
  chain: [{ app: "sse" }, "nginx:http-1.1"],
  timeScale: 20,
  trial: { kind: "silence", silentMs: 66_000 },
  does: { end: "incomplete-visible", cause: "idle-limit", culprit: "nginx" },
  because: "https://nginx.org/en/docs/http/ngx_http_proxy_module.html#proxy_read_timeout",
  twin: "nginx-survives-silence-of-nearly-a-minute",
});
