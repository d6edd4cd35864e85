import { defineScenario } from "../harness/define.ts";

export default defineScenario({
  title: "With proxy_read_timeout, nginx answers 504 when no header section comes",
  chain: [{ app: "sse" }, "nginx:short-limits"],
  trial: { kind: "first-byte-wait" },
  does: { end: "error-response", cause: "first-byte-timeout", culprit: "nginx" },
  because: "https://nginx.org/en/docs/http/ngx_http_proxy_module.html#proxy_read_timeout",
});
