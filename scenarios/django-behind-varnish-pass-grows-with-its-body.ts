import { defineScenario } from "../harness/define.ts";

export default defineScenario({
  title: "Varnish with return (pass) keeps what a client does not read, however much it is",
  chain: [{ app: "django:gthread" }, "varnish:pass"],
  trial: { kind: "memory" },
  does: { memory: "grows", culprit: "varnish" },
  because: "https://varnish-cache.org/docs/7.3/whats-new/changes-7.3.html",
  fixedBy: "django-behind-varnish-transit-buffer-needs-bounded-memory",
});
