import { defineScenario } from "../harness/define.ts";

export default defineScenario({
  title: "nginx as it comes before 1.29.7 holds the header section too, to the end of a short stream",
  chain: [{ app: "sse" }, "nginx@<1.29.7"],
  trial: { kind: "header-hold" },
  does: { headers: "held", culprit: "nginx" },
  because: "https://nginx.org/en/docs/http/ngx_http_proxy_module.html#proxy_buffering",
  twin: "nginx-unbuffered-passes-headers",
});
