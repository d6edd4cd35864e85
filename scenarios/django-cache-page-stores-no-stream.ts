import { defineScenario } from "../harness/define.ts";

export default defineScenario({
  title: "cache_page does not store a StreamingHttpResponse: the view runs for every client",
  chain: [{ app: "django-cache" }],
  trial: { kind: "late-joiner", cacheControl: [null] },
  must: { source: "origin" },
});
