import { defineScenario } from "../harness/define.ts";

export default defineScenario({
  title: "http-proxy-middleware requests a new stream for every client",
  chain: [{ app: "sse" }, "http-proxy-middleware"],
  trial: { kind: "late-joiner", cacheControl: [null] },
  must: { source: "origin" },
});
