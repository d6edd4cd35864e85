import { defineScenario } from "../harness/define.ts";

export default defineScenario({
  title: "Hypercorn sends no content in response to HEAD, and none with 204 and 304, though the view yields items",
  chain: [{ app: "django:hypercorn" }],
  trial: { kind: "bodyless" },
  must: { end: "complete" },
});
