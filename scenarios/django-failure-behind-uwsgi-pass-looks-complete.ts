import { defineScenario } from "../harness/define.ts";

export default defineScenario({
  title: "Behind uwsgi_pass, a Django view that fails in mid-stream looks complete: the protocol has no end of a response",
  chain: [{ app: "django-nginx:unbuffered" }],
  trial: { kind: "origin-abort" },
  does: { end: "truncated-silently", culprit: "django-nginx" },
  because: "https://uwsgi-docs.readthedocs.io/en/latest/Protocol.html",
  fixedBy: "django-failure-on-a-unix-socket-by-http-1.1-is-visible",
});
