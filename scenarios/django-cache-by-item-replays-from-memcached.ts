import { defineScenario } from "../harness/define.ts";

export default defineScenario({
  title: "A view that stores each item of its stream in Memcached answers a later client without making them again",
  chain: [{ app: "django-cache:memcached" }],
  request: { path: "/by-item" },
  trial: { kind: "late-joiner", cacheControl: [null] },
  does: { source: "cached", culprit: "django-cache" },
  because: "https://docs.djangoproject.com/en/stable/topics/cache/#the-low-level-cache-api",
  fixedBy: "django-cache-page-stores-no-stream",
});
