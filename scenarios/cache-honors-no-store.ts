import { defineScenario } from "../harness/define.ts";

export default defineScenario({
  title: "A cache that honors no-store requests a new stream for every client",
  chain: [{ app: "sse" }, { server: "http-pipe", middlewares: ["cache"] }],
  trial: { kind: "late-joiner", cacheControl: ["no-store"] },
  must: { source: "origin" },
});
