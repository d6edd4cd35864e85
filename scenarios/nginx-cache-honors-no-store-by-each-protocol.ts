import { defineScenario } from "../harness/define.ts";

export default defineScenario({
  title: "The nginx cache requests a new stream for every client if the response has no-store, whatever they speak",
  chain: [{ app: "sse" }, "nginx:cache"],
  request: { clients: ["h1", "h1-tls", "h2", "h2c"] },
  trial: { kind: "late-joiner", cacheControl: ["no-store"] },
  must: { source: "origin" },
});
