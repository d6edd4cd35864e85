import { defineScenario } from "../harness/define.ts";

export default defineScenario({
  title: "nginx in its default configuration holds the events of a Django stream that Gunicorn sent one by one",
  chain: [{ app: "django:gthread" }, "nginx@1.26"],
  trial: { kind: "lock-step" },
  does: { deliver: "buffered", culprit: "nginx" },
  because: "https://nginx.org/en/docs/http/ngx_http_proxy_module.html#proxy_buffering",
  fixedBy: "django-streams-events",
});
