import { defineScenario } from "../harness/define.ts";

export default defineScenario({
  title: "nginx in its default configuration before 1.29.7 also holds small events to the end for a client that accepts gzip",
  chain: [{ app: "sse" }, "nginx@<1.29.7"],
  request: { acceptEncoding: "gzip" },
  trial: { kind: "paced" },
  does: { deliver: "buffered", culprit: "nginx" },
  because: "https://nginx.org/en/docs/http/ngx_http_proxy_module.html#proxy_http_version",
  fixedBy: "nginx-1.30-streams-to-gzip-clients",
});
