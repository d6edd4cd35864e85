import { defineScenario } from "../harness/define.ts";

export default defineScenario({
  title: "A cache that honours no-store asks the origin for every client",
  chain: [{ app: "sse" }, { server: "http-pipe", middlewares: ["cache"] }],
  trial: { kind: "late-joiner", cacheControl: ["no-store"] },
  must: { source: "origin" },
});
