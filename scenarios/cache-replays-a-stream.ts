import { defineScenario } from "../harness/define.ts";

export default defineScenario({
  title: "A cache replays a client's stream to the next client",
  chain: [{ app: "sse" }, { server: "http-pipe", middlewares: ["cache"] }],
  trial: { kind: "late-joiner", cacheControl: [null] },
  does: { source: "cached", culprit: "cache" },
  because: "https://www.rfc-editor.org/rfc/rfc9111#section-4.2.2",
  fixedBy: "cache-honors-no-store",
  showcase: true,
});
