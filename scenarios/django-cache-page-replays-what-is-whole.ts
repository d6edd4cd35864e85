import { defineScenario } from "../harness/define.ts";

export default defineScenario({
  title: "cache_page stores an HttpResponse, and replays it",
  chain: [{ app: "django-cache" }],
  request: { path: "/whole" },
  trial: { kind: "late-joiner", cacheControl: [null] },
  does: { source: "cached", culprit: "django-cache" },
  because: "https://docs.djangoproject.com/en/stable/topics/cache/#the-per-view-cache",
  fixedBy: "django-cache-page-stores-no-stream",
});
