import { defineScenario } from "../harness/define.ts";

export default defineScenario({
  title:
    "chunked_transfer_encoding off makes truncation invisible over HTTP/1.1, with TLS too, and not over HTTP/2, which has its own framing",
  chain: [{ app: "sse" }, "nginx:chunked-off"],
  request: { clients: ["h1", "h1-tls", "h2", "h2c"] },
  trial: { kind: "origin-abort", how: ["close", "no-last-chunk"] },
  does: { end: "truncated-silently", culprit: "nginx" },
  when: { clients: ["h1", "h1-tls"] },
  because: "https://nginx.org/en/docs/http/ngx_http_core_module.html#chunked_transfer_encoding",
  fixedBy: "nginx-http-1.1-truncates-visibly-by-each-protocol",
});
