import { defineScenario } from "../harness/define.ts";

export default defineScenario({
  title:
    "With proxy_buffering on and HTTP/1.1 to its upstream, nginx passes small events on, except over HTTP/1.1 with TLS: its TLS buffer holds them",
  chain: [{ app: "sse" }, "nginx:http-1.1"],
  request: { clients: ["h1", "h1-tls", "h2", "h2c"] },
  trial: { kind: "paced" },
  does: { deliver: "buffered", culprit: "nginx" },
  when: { clients: ["h1-tls"] },
  because: "https://github.com/nginx/nginx/blob/release-1.26.3/src/event/ngx_event_openssl.c",
  fixedBy: "nginx-unbuffered-streams-events-by-each-protocol",
});
