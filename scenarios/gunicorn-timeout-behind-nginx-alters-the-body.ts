import { defineScenario } from "../harness/define.ts";

export default defineScenario({
  title: "Behind nginx, which asks by HTTP/1.0, the error page of a killed Gunicorn 23 worker becomes a part of the body",
  chain: [{ app: "django@4.2:sync-timeout" }, "nginx@1.26:unbuffered"],
  trial: { kind: "silence", silentMs: 9000 },
  does: { integrity: "altered", culprit: "django" },
  because: "https://github.com/benoitc/gunicorn/issues/3410",
  fixedBy: "gunicorn-gthread-behind-nginx-survives-its-timeout",
});
