import { defineScenario } from "../harness/define.ts";

export default defineScenario({
  title: "A cache that ignores no-store replays a stream that forbade it",
  chain: [{ app: "sse" }, { server: "http-pipe", middlewares: ["cache:ignores-no-store"] }],
  trial: { kind: "late-joiner", cacheControl: ["no-store"] },
  does: { source: "cached", culprit: "cache" },
  because: "https://www.rfc-editor.org/rfc/rfc9111#section-5.2.2.5",
  fixedBy: "cache-honors-no-store",
});
