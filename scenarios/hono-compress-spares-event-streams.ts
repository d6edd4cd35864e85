import { defineScenario } from "../harness/define.ts";

export default defineScenario({
  title: "Hono's compress leaves event streams alone",
  chain: [{ app: "hono:compress" }],
  request: { acceptEncoding: "gzip" },
  trial: { kind: "lock-step" },
  must: { deliver: "incrementally" },
});
