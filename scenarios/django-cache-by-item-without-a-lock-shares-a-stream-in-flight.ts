import { defineScenario } from "../harness/define.ts";

export default defineScenario({
  title: "If every request stores its items under the same keys, a later client is given items of a stream that is still being made",
  chain: [{ app: "django-cache:redis" }],
  request: { path: "/by-item-unlocked" },
  trial: { kind: "late-joiner", cacheControl: [null] },
  does: { source: "collapsed", culprit: "django-cache" },
  because: "https://docs.djangoproject.com/en/stable/topics/cache/#the-low-level-cache-api",
  fixedBy: "django-cache-page-stores-no-stream",
});
