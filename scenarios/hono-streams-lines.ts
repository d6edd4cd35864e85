import { defineScenario } from "../harness/define.ts";

export default defineScenario({
  title: "Hono's stream sends each line as it comes",
  chain: [{ app: "hono" }],
  request: { path: "/lines", acceptEncoding: "gzip" },
  trial: { kind: "lock-step" },
  must: { deliver: "incrementally" },
});
