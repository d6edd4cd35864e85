import { defineScenario } from "../harness/define.ts";

export default defineScenario({
  title: "Gunicorn's own ASGI worker keeps the header section until there is an item, to write both at once",
  chain: [{ app: "django@5.2:gunicorn-asgi" }],
  request: { path: "/stream-async" },
  trial: { kind: "header-hold" },
  does: { headers: "held", culprit: "django" },
  because: "https://github.com/benoitc/gunicorn/blob/master/gunicorn/asgi/protocol.py",
  fixedBy: "django-on-uvicorn-flushes-headers",
});
