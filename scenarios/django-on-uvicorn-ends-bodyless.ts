import { defineScenario } from "../harness/define.ts";

export default defineScenario({
  title: "Uvicorn sends no content in response to HEAD, and none with 204 and 304, though the view yields items",
  chain: [{ app: "django:uvicorn" }],
  trial: { kind: "bodyless" },
  must: { end: "complete" },
});
