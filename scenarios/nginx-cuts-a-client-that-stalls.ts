import { defineScenario } from "../harness/define.ts";

export default defineScenario({
  title: "send_timeout cuts a client that reads nothing for that long, but not a slow one",
  chain: [{ app: "sse" }, "nginx:short-send-timeout"],
  trial: { kind: "client-stalling" },
  does: { end: "truncated-visibly", cause: "write-timeout", culprit: "nginx" },
  because: "https://nginx.org/en/docs/http/ngx_http_core_module.html#send_timeout",
  fixedBy: "nginx-waits-for-a-client-that-stalls",
});
