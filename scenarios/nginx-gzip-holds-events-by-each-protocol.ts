import { defineScenario } from "../harness/define.ts";

export default defineScenario({
  title: "nginx gzip with buffering holds events from a client that accepts gzip, whatever it speaks",
  chain: [{ app: "sse" }, "nginx:gzip"],
  request: { clients: ["h1", "h1-tls", "h2", "h2c"], acceptEncoding: "gzip" },
  trial: { kind: "paced" },
  does: { deliver: "buffered", culprit: "nginx" },
  when: { clients: ["h1", "h1-tls", "h2", "h2c"] },
  because: "https://nginx.org/en/docs/http/ngx_http_gzip_module.html",
  fixedBy: "nginx-gzip-unbuffered-streams-events-by-each-protocol",
});
