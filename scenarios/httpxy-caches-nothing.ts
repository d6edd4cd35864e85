import { defineScenario } from "../harness/define.ts";

export default defineScenario({
  title: "httpxy requests a new stream for every client",
  chain: [{ app: "sse" }, "httpxy"],
  trial: { kind: "late-joiner", cacheControl: [null] },
  must: { source: "origin" },
});
