import { defineScenario } from "../harness/define.ts";

export default defineScenario({
  title: "apicache stores a stream whose Cache-Control forbids it, and replays it",
  chain: [{ app: "sse" }, { server: "http-pipe", middlewares: ["apicache"] }],
  trial: { kind: "late-joiner", cacheControl: ["no-store"] },
  does: { source: "cached", culprit: "apicache" },
  because: "https://github.com/kwhitley/apicache/pull/181",
  twin: "apicache-toggle-honours-no-store",
});
