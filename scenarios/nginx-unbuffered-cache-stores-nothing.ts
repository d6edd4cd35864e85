import { defineScenario } from "../harness/define.ts";

export default defineScenario({
  title: "proxy_buffering off turns proxy_cache off without a word: every client is given a stream of its own",
  chain: [{ app: "sse" }, "nginx:cache-unbuffered"],
  trial: { kind: "late-joiner", cacheControl: [null] },
  must: { source: "origin" },
});
