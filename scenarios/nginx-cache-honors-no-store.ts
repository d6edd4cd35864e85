import { defineScenario } from "../harness/define.ts";

export default defineScenario({
  title: "The nginx cache requests a new stream for every client if the response has no-store",
  chain: [{ app: "sse" }, "nginx:cache"],
  trial: { kind: "late-joiner", cacheControl: ["no-store"] },
  must: { source: "origin" },
});
