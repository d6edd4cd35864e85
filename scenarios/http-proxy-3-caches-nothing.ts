import { defineScenario } from "../harness/define.ts";

export default defineScenario({
  title: "http-proxy-3 requests a new stream for every client",
  chain: [{ app: "sse" }, "http-proxy-3"],
  trial: { kind: "late-joiner", cacheControl: [null] },
  must: { source: "origin" },
});
