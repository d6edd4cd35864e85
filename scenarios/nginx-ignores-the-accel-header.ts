import { defineScenario } from "../harness/define.ts";

export default defineScenario({
  title: "proxy_ignore_headers X-Accel-Buffering disables the application's control of buffering",
  chain: [{ app: "sse" }, "nginx:ignores-accel"],
  response: { headers: [["X-Accel-Buffering", "no"]] },
  trial: { kind: "paced" },
  does: { deliver: "buffered", culprit: "nginx" },
  because: "https://nginx.org/en/docs/http/ngx_http_proxy_module.html#proxy_ignore_headers",
  fixedBy: "nginx-accel-header-streams-events",
});
