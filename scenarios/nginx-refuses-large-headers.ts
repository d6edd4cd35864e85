import { defineScenario } from "../harness/define.ts";

export default defineScenario({
  title: "nginx answers 502 if the header section is larger than proxy_buffer_size",
  chain: [{ app: "sse" }, "nginx:http-1.1"],
  response: { headers: [["X-Session", "x".repeat(5000)]] },
  trial: { kind: "lock-step" },
  does: { end: "error-response", culprit: "nginx" },
  because: "https://nginx.org/en/docs/http/ngx_http_proxy_module.html#proxy_buffer_size",
  fixedBy: "nginx-with-room-passes-large-headers",
});
