import { defineScenario } from "../harness/define.ts";

export default defineScenario({
  title: "The nginx cache keeps filling after its client has left",
  chain: [{ app: "sse" }, "nginx:cache"],
  trial: { kind: "client-leaving" },
  does: { disconnect: "not-propagated", culprit: "nginx" },
  because: "https://nginx.org/en/docs/http/ngx_http_proxy_module.html#proxy_ignore_client_abort",
  fixedBy: "nginx-drops-its-upstream",
});
