import { defineScenario } from "../harness/define.ts";

export default defineScenario({
  title: "no-cache keeps Vinyl Cache from storing a stream, as no-store does",
  chain: [{ app: "sse" }, "vinyl"],
  trial: { kind: "late-joiner", cacheControl: ["no-cache"] },
  must: { source: "origin" },
});
