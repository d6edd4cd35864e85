import { defineScenario } from "../harness/define.ts";

export default defineScenario({
  title: "send_timeout cuts a client that reads nothing, whatever it speaks",
  chain: [{ app: "sse" }, "nginx:short-send-timeout"],
  request: { clients: ["h1", "h1-tls", "h2", "h2c"] },
  trial: { kind: "client-stalling" },
  does: { end: "truncated-visibly", cause: "write-timeout", culprit: "nginx" },
  when: { clients: ["h1", "h1-tls", "h2", "h2c"] },
  because: "https://nginx.org/en/docs/http/ngx_http_core_module.html#send_timeout",
  fixedBy: "nginx-waits-for-a-client-that-stalls",
});
