import { defineScenario } from "../harness/define.ts";

export default defineScenario({
  title: "Hypercorn sends the header section of a Django stream before there is an item",
  chain: [{ app: "django:hypercorn" }],
  request: { path: "/stream-async" },
  trial: { kind: "header-hold" },
  must: { headers: "promptly" },
});
