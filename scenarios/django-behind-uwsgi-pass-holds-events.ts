import { defineScenario } from "../harness/define.ts";

export default defineScenario({
  title: "nginx holds the events of a Django stream that uWSGI sends by the uwsgi protocol (uwsgi_buffering)",
  chain: [{ app: "django-nginx" }],
  trial: { kind: "lock-step" },
  does: { deliver: "buffered", culprit: "django-nginx" },
  because: "https://nginx.org/en/docs/http/ngx_http_uwsgi_module.html#uwsgi_buffering",
  fixedBy: "django-behind-unbuffered-uwsgi-pass-streams-events",
});
