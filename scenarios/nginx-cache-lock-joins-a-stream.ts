import { defineScenario } from "../harness/define.ts";

export default defineScenario({
  title: "proxy_cache_lock makes a concurrent client wait until the first stream is stored, and replays it",
  chain: [{ app: "sse" }, "nginx:cache-lock"],
  trial: { kind: "late-joiner", cacheControl: [null] },
  does: { source: "collapsed", culprit: "nginx" },
  because: "https://github.com/nginx/nginx/issues/237",
  fixedBy: "nginx-cache-lock-honors-no-store",
});
