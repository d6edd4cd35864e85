import { defineScenario } from "../harness/define.ts";

export default defineScenario({
  title: "A cache answers the next client with the stream of the one before",
  chain: [{ app: "sse" }, { server: "http-pipe", middlewares: ["cache"] }],
  trial: { kind: "late-joiner", cacheControl: [null] },
  does: { source: "cached", culprit: "cache" },
  because: "https://www.rfc-editor.org/rfc/rfc9111#section-4.2.2",
  twin: "cache-honours-no-store",
  showcase: true,
});
