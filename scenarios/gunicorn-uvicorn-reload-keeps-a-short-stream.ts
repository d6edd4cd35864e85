import { defineScenario } from "../harness/define.ts";

export default defineScenario({
  title: "A reload of Gunicorn (HUP) lets a stream of six seconds end on Uvicorn's worker",
  chain: [{ app: "django:gunicorn-uvicorn" }],
  request: { path: "/stream-async" },
  trial: { kind: "reload" },
  must: { end: "complete" },
});
