import { defineScenario } from "../harness/define.ts";

export default defineScenario({
  title: "apicache asks the origin for every client once its toggle reads Cache-Control",
  chain: [{ app: "sse" }, { server: "http-pipe", middlewares: ["apicache:toggle"] }],
  trial: { kind: "late-joiner", cacheControl: ["no-store"] },
  must: { source: "origin" },
});
