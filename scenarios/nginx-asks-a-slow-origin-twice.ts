import { defineScenario } from "../harness/define.ts";

export default defineScenario({
  title: "nginx repeats a request at the next server of its upstream when the first byte is late, so the application runs it again",
  chain: [{ app: "sse" }, "nginx:two-servers"],
  trial: { kind: "first-byte-wait" },
  does: { source: "retried", culprit: "nginx" },
  because: "https://nginx.org/en/docs/http/ngx_http_proxy_module.html#proxy_next_upstream",
  fixedBy: "nginx-asks-a-quick-origin-once",
});
