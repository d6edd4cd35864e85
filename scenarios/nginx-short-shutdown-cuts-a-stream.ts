import { defineScenario } from "../harness/define.ts";

export default defineScenario({
  title: "With worker_shutdown_timeout, a reload of nginx cuts streams that last longer",
  chain: [{ app: "sse" }, "nginx:short-shutdown"],
  trial: { kind: "reload" },
  does: { end: "truncated-visibly", cause: "reload", culprit: "nginx" },
  because: "https://nginx.org/en/docs/ngx_core_module.html#worker_shutdown_timeout",
  fixedBy: "nginx-reload-keeps-a-stream",
});
