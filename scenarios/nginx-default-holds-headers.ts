import { defineScenario } from "../harness/define.ts";

export default defineScenario({
  title: "nginx in its default configuration before 1.29.7 also holds the header section to the end of a short stream",
  chain: [{ app: "sse" }, "nginx@<1.29.7"],
  trial: { kind: "header-hold" },
  does: { headers: "held", culprit: "nginx" },
  because: "https://nginx.org/en/docs/http/ngx_http_proxy_module.html#proxy_buffering",
  fixedBy: "nginx-unbuffered-passes-headers",
});
