import { defineScenario } from "../harness/define.ts";

export default defineScenario({
  title: "Django's GZipMiddleware holds the events of a sync iterator: it never flushes its compressor",
  chain: [{ app: "django:gzip" }],
  request: { acceptEncoding: "gzip" },
  trial: { kind: "lock-step" },
  does: { deliver: "buffered", culprit: "django" },
  because: "https://github.com/adamchainz/django-http-compression/pull/8",
  fixedBy: "django-without-gzip-streams-to-gzip-clients",
});
