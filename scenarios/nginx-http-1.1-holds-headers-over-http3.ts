import { defineScenario } from "../harness/define.ts";

export default defineScenario({
  title: "nginx with proxy_buffering on holds the header section until the first byte of the body over HTTP/3, too",
  chain: [{ app: "sse" }, "nginx@>=1.26:http-1.1"],
  request: { clients: ["h1", "h3"] },
  trial: { kind: "header-hold" },
  does: { headers: "held", culprit: "nginx" },
  when: { clients: ["h1", "h3"] },
  because: "https://nginx.org/en/docs/http/ngx_http_core_module.html#postpone_output",
  fixedBy: "nginx-unbuffered-passes-headers-over-http3",
});
