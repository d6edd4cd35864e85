import { defineScenario } from "../harness/define.ts";

export default defineScenario({
  title: "Cache-Control: no-store keeps the nginx cache from replaying a stream over HTTP/3",
  chain: [{ app: "sse" }, "nginx@>=1.26:cache"],
  request: { clients: ["h1", "h3"] },
  trial: { kind: "late-joiner", cacheControl: ["no-store"] },
  must: { source: "origin" },
});
