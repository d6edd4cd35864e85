import { defineScenario } from "../harness/define.ts";

export default defineScenario({
  title: "The nginx cache asks the origin for every client of a stream with no-store",
  chain: [{ app: "sse" }, "nginx:cache"],
  trial: { kind: "late-joiner", cacheControl: ["no-store"] },
  must: { source: "origin" },
});
