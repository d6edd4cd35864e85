import { defineScenario } from "../harness/define.ts";

export default defineScenario({
  title: "nginx as it comes before 1.29.7 speaks HTTP/1.0 to its upstream and holds small events to the end",
  chain: [{ app: "sse" }, "nginx@<1.29.7"],
  trial: { kind: "paced" },
  does: { deliver: "buffered", culprit: "nginx" },
  because: "https://nginx.org/en/docs/http/ngx_http_proxy_module.html#proxy_http_version",
  twin: "nginx-http-1.1-streams-events",
});
