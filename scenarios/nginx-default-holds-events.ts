import { defineScenario } from "../harness/define.ts";

export default defineScenario({
  title: "nginx in its default configuration before 1.29.7 uses HTTP/1.0 to the upstream and holds small events to the end",
  chain: [{ app: "sse" }, "nginx@<1.29.7"],
  trial: { kind: "paced" },
  does: { deliver: "buffered", culprit: "nginx" },
  because: "https://nginx.org/en/docs/http/ngx_http_proxy_module.html#proxy_http_version",
  fixedBy: "nginx-http-1.1-streams-events",
});
