import { defineScenario } from "../harness/define.ts";

export default defineScenario({
  title: "no-store keeps Vinyl Cache from storing a stream, and from sharing it",
  chain: [{ app: "sse" }, "vinyl"],
  trial: { kind: "late-joiner", cacheControl: ["no-store"] },
  must: { source: "origin" },
});
