import { defineScenario } from "../harness/define.ts";

export default defineScenario({
  title: "apicache requests a new stream for every client if its toggle reads Cache-Control",
  chain: [{ app: "sse" }, { server: "http-pipe", middlewares: ["apicache:toggle"] }],
  trial: { kind: "late-joiner", cacheControl: ["no-store"] },
  must: { source: "origin" },
});
