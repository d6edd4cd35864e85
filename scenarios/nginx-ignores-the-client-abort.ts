import { defineScenario } from "../harness/define.ts";

export default defineScenario({
  title: "With proxy_ignore_client_abort on, nginx notices only at its next write that the client has left",
  chain: [{ app: "sse" }, "nginx:ignores-client-abort"],
  trial: { kind: "client-leaving" },
  does: { disconnect: "propagated-on-next-write", culprit: "nginx" },
  because: "https://nginx.org/en/docs/http/ngx_http_proxy_module.html#proxy_ignore_client_abort",
  fixedBy: "nginx-drops-its-upstream",
});
