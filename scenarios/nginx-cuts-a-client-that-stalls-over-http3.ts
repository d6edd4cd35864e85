import { defineScenario } from "../harness/define.ts";

export default defineScenario({
  title: "send_timeout cuts a client that reads nothing over HTTP/3",
  chain: [{ app: "sse" }, "nginx@>=1.26:short-send-timeout"],
  request: { clients: ["h1", "h3"] },
  trial: { kind: "client-stalling" },
  does: { end: "truncated-visibly", cause: "write-timeout", culprit: "nginx" },
  when: { clients: ["h1", "h3"] },
  because: "https://nginx.org/en/docs/http/ngx_http_core_module.html#send_timeout",
  fixedBy: "nginx-waits-for-a-client-that-stalls",
});
