import { defineScenario } from "../harness/define.ts";

export default defineScenario({
  title: "Waitress answers 500 for a Django view that sets Transfer-Encoding: chunked by hand",
  chain: [{ app: "django:waitress" }],
  request: { path: "/chunked-by-hand" },
  trial: { kind: "lock-step" },
  does: { end: "error-response", culprit: "django" },
  because: "https://peps.python.org/pep-3333/#other-http-features",
  fixedBy: "django-on-gthread-frames-once",
});
