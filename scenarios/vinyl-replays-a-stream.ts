import { defineScenario } from "../harness/define.ts";

export default defineScenario({
  title: "Without Cache-Control, Vinyl Cache stores a stream for two minutes (default_ttl), and replays it",
  chain: [{ app: "sse" }, "vinyl"],
  trial: { kind: "late-joiner", cacheControl: [null] },
  does: { source: "cached", culprit: "vinyl" },
  because: "https://vinyl-cache.org/docs/9.0/reference/vinyld.html#default-ttl",
  fixedBy: "vinyl-honors-no-store",
});
