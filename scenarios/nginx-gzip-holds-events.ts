import { defineScenario } from "../harness/define.ts";

export default defineScenario({
  title: "nginx gzip with buffering holds events from a client that accepts gzip",
  chain: [{ app: "sse" }, "nginx:gzip"],
  request: { acceptEncoding: "gzip" },
  trial: { kind: "paced" },
  does: { deliver: "buffered", culprit: "nginx" },
  because: "https://nginx.org/en/docs/http/ngx_http_gzip_module.html",
  fixedBy: "nginx-gzip-unbuffered-streams-events",
});
