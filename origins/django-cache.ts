import { defineOrigin } from "../harness/define.ts";
import type { ApplicationVariant } from "../harness/define.ts";
import { labModule, versionsOf } from "./_python.ts";

const threads = 16;

/** `starts`: the server that runs beside Django. */
const on = (backend: string, starts: string, title: string): ApplicationVariant => ({
  title,
  options: { backend: `django.core.cache.backends.${backend}`, starts },
  concurrency: threads,
});

export default defineOrigin({
  kind: "application",
  title: "Django with a cache: cache_page for whole responses, and the items of a stream one by one",
  link: "https://docs.djangoproject.com/en/stable/topics/cache/",
  debian: {
    release: "trixie",
    packages: ["python3-django", "python3-gunicorn", "python3-redis", "python3-pymemcache", "redis-server", "memcached"],
  },
  versions: { "4.2": { release: "trixie" }, "5.2": { release: "forky" } },
  command: ({ folder, listenPort, options }) => [
    "sh",
    `${folder}/start.sh`,
    folder,
    String(options["starts"]),
    ...`python3 -m gunicorn --bind 0.0.0.0:${listenPort} --worker-class gthread --threads ${threads} app:wsgi`.split(" "),
  ],
  environment: ({ options }) => ({ CACHE_BACKEND: String(options["backend"]) }),
  files: labModule,
  version: () => versionsOf("gunicorn", "Django"),
  readiness: "/ready",
  path: "/stream",
  variants: {
    default: on("locmem.LocMemCache", "nothing", "in the memory of Gunicorn's one process"),
    redis: on("redis.RedisCache", "redis", "in Redis"),
    memcached: on("memcached.PyMemcacheCache", "memcached", "in Memcached"),
    "redis-gone": on("redis.RedisCache", "nothing", "in a Redis that does not run"),
  },
});
