import { defineScenario } from "../harness/define.ts";

export default defineScenario({
  title: "apicache stores and replays a stream whose Cache-Control forbids it",
  chain: [{ app: "sse" }, { server: "http-pipe", middlewares: ["apicache"] }],
  trial: { kind: "late-joiner", cacheControl: ["no-store"] },
  does: { source: "cached", culprit: "apicache" },
  because: "https://github.com/kwhitley/apicache/pull/181",
  fixedBy: "apicache-toggle-honors-no-store",
});
