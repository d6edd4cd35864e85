import { defineScenario } from "../harness/define.ts";

export default defineScenario({
  title: "Django streams CSV of any size in bounded memory, also to a client that stops reading",
  chain: [{ app: "django:gthread" }],
  request: { path: "/rows" },
  response: { format: "csv" },
  trial: { kind: "memory" },
  must: { memory: "bounded" },
});
