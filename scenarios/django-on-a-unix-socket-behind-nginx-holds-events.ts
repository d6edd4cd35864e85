import { defineScenario } from "../harness/define.ts";

export default defineScenario({
  title: "nginx holds a Django stream that Gunicorn sends over a unix socket, as it does over TCP",
  chain: [{ app: "django-nginx:gunicorn" }],
  trial: { kind: "lock-step" },
  does: { deliver: "buffered", culprit: "django-nginx" },
  because: "https://nginx.org/en/docs/http/ngx_http_proxy_module.html#proxy_buffering",
  fixedBy: "django-on-a-unix-socket-behind-unbuffered-nginx-streams-events",
});
