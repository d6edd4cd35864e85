import { defineScenario } from "../harness/define.ts";

export default defineScenario({
  title: "Varnish with do_stream = false holds a Django stream that Gunicorn sent event by event",
  chain: [{ app: "django:gthread" }, "varnish:no-stream"],
  trial: { kind: "lock-step" },
  does: { deliver: "buffered", culprit: "varnish" },
  because: "https://varnish-cache.org/docs/7.7/reference/vcl-var.html#beresp-do-stream",
  fixedBy: "django-behind-varnish-streams-events",
});
