import { defineScenario } from "../harness/define.ts";

export default defineScenario({
  title: "nginx gzip with buffering holds events from a client that accepts gzip over HTTP/3",
  chain: [{ app: "sse" }, "nginx@>=1.26:gzip"],
  request: { clients: ["h1", "h3"], acceptEncoding: "gzip" },
  trial: { kind: "paced" },
  does: { deliver: "buffered", culprit: "nginx" },
  when: { clients: ["h1", "h3"] },
  because: "https://nginx.org/en/docs/http/ngx_http_gzip_module.html",
  fixedBy: "nginx-gzip-unbuffered-streams-events-over-http3",
});
