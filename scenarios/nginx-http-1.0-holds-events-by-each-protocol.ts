import { defineScenario } from "../harness/define.ts";

export default defineScenario({
  title: "nginx with buffering and HTTP/1.0 to its upstream holds small events to the end, whatever its clients speak",
  chain: [{ app: "sse" }, "nginx:http-1.0"],
  request: { clients: ["h1", "h1-tls", "h2", "h2c"] },
  trial: { kind: "paced" },
  does: { deliver: "buffered", culprit: "nginx" },
  when: { clients: ["h1", "h1-tls", "h2", "h2c"] },
  because: "https://nginx.org/en/docs/http/ngx_http_proxy_module.html#proxy_buffering",
  fixedBy: "nginx-unbuffered-streams-events-by-each-protocol",
});
