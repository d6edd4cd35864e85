import { defineScenario } from "../harness/define.ts";

export default defineScenario({
  title: "proxy_cache_lock keeps the next client waiting until the stream of the one before is stored, and gives it that",
  chain: [{ app: "sse" }, "nginx:cache-lock"],
  trial: { kind: "late-joiner", cacheControl: [null] },
  does: { source: "collapsed", culprit: "nginx" },
  because: "https://github.com/nginx/nginx/issues/237",
  twin: "nginx-cache-lock-honours-no-store",
});
