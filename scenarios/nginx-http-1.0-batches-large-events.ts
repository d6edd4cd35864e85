import { defineScenario } from "../harness/define.ts";

export default defineScenario({
  title: "nginx over HTTP/1.0 releases large events in blocks of its buffers, 4096 bytes",
  chain: [{ app: "sse" }, "nginx:http-1.0"],
  trial: { kind: "paced", recordBytes: 5000 },
  does: { deliver: "batched", culprit: "nginx" },
  because: "https://nginx.org/en/docs/http/ngx_http_proxy_module.html#proxy_buffers",
  fixedBy: "nginx-unbuffered-streams-large-events",
});
