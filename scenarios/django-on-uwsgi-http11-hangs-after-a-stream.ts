import { defineScenario } from "../harness/define.ts";

export default defineScenario({
  title: "uWSGI's --http11-socket keeps the connection open after a stream that nothing but the end of the connection would end",
  chain: [{ app: "django:uwsgi-http11" }],
  trial: { kind: "lock-step" },
  does: { end: "hung", culprit: "django" },
  because: "https://uwsgi-docs.readthedocs.io/en/latest/HTTP.html",
  fixedBy: "django-on-uwsgi-chunked-ends-a-stream",
});
