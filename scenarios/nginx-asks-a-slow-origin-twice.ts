import { defineScenario } from "../harness/define.ts";

export default defineScenario({
  title: "nginx asks the next server of its upstream when the first byte is late, and the application works twice",
  chain: [{ app: "sse" }, "nginx:two-servers"],
  trial: { kind: "first-byte-wait" },
  does: { source: "asked", culprit: "nginx" },
  because: "https://nginx.org/en/docs/http/ngx_http_proxy_module.html#proxy_next_upstream",
  twin: "nginx-asks-a-quick-origin-once",
});
