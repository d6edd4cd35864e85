import { defineScenario } from "../harness/define.ts";

export default defineScenario({
  title: "nginx in its default configuration requests a new stream for every client",
  chain: [{ app: "sse" }, "nginx"],
  trial: { kind: "late-joiner", cacheControl: [null] },
  must: { source: "origin" },
});
