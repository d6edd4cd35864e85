import { defineScenario } from "../harness/define.ts";

export default defineScenario({
  title: "proxy_ignore_client_abort on: nginx notices that its client has left when it writes again",
  chain: [{ app: "sse" }, "nginx:ignores-client-abort"],
  trial: { kind: "client-leaving" },
  does: { disconnect: "on-next-write", culprit: "nginx" },
  because: "https://nginx.org/en/docs/http/ngx_http_proxy_module.html#proxy_ignore_client_abort",
  twin: "nginx-drops-its-upstream",
});
