import { defineScenario } from "../harness/define.ts";

export default defineScenario({
  title: "A proxy over fetch requests a new stream for every client",
  chain: [{ app: "sse" }, "fetch-proxy"],
  trial: { kind: "late-joiner", cacheControl: [null] },
  must: { source: "origin" },
});
