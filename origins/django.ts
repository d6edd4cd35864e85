import { defineOrigin } from "../harness/define.ts";
import type { ApplicationVariant, DocumentedLimit, Options, Render } from "../harness/define.ts";
import { labModule, versionsOf } from "./_python.ts";
import type { Command } from "./_python.ts";

/** More than a trial has requests at a time: a sync worker serves one. */
const workers = 8;
const threads = 16;

interface Server {
  /** The Python package that tells its version; null: its program does. */
  package: string | null;
  command: (render: Render) => Command;
}

const gunicorn = (app: string, ...more: string[]): Server => ({
  package: "gunicorn",
  command: ({ listenPort, options }) => [
    "python3",
    "-m",
    "gunicorn",
    "--bind",
    `0.0.0.0:${listenPort}`,
    ...(options["timeout"] ? ["--timeout", String(options["timeout"])] : []),
    ...more,
    app,
  ],
});

const uwsgi = (...http: string[]): Server => ({
  package: null,
  command: ({ listenPort }) => [
    "uwsgi",
    "--plugins",
    "http,python3",
    ...http.map((word) => word.replace("PORT", String(listenPort))),
    "--module",
    "app:wsgi",
    "--threads",
    String(threads),
    "--need-app",
  ],
});

const servers: Record<string, Server> = {
  // Loaded once, before the workers are made: on a busy machine each would need longer than a short timeout to load it itself.
  sync: gunicorn("app:wsgi", "--preload", "--workers", String(workers)),
  gthread: gunicorn("app:wsgi", "--preload", "--worker-class", "gthread", "--threads", String(threads)),
  gevent: gunicorn("app:wsgi", "--worker-class", "gevent"),
  "gunicorn-uvicorn": gunicorn("app:asgi", "--worker-class", "uvicorn.workers.UvicornWorker"),
  "gunicorn-asgi": gunicorn("app:asgi", "--worker-class", "asgi"),
  uvicorn: {
    package: "uvicorn",
    command: ({ listenPort }) => ["python3", "-m", "uvicorn", "--host", "0.0.0.0", "--port", String(listenPort), "app:asgi"],
  },
  daphne: { package: "daphne", command: ({ listenPort }) => ["daphne", "-b", "0.0.0.0", "-p", String(listenPort), "app:asgi"] },
  "daphne-http-timeout": {
    package: "daphne",
    command: ({ listenPort }) => ["daphne", "-b", "0.0.0.0", "-p", String(listenPort), "--http-timeout", "10", "app:asgi"],
  },
  hypercorn: {
    package: "hypercorn",
    command: ({ listenPort }) => ["python3", "-m", "hypercorn", "--bind", `0.0.0.0:${listenPort}`, "app:asgi"],
  },
  waitress: {
    package: "waitress",
    command: ({ listenPort }) => ["python3", "-m", "waitress", `--listen=0.0.0.0:${listenPort}`, `--threads=${threads}`, "app:wsgi"],
  },
  "uwsgi-http": uwsgi("--http", "0.0.0.0:PORT"),
  "uwsgi-chunked": uwsgi("--http", "0.0.0.0:PORT", "--http-auto-chunked", "--http-keepalive"),
  "uwsgi-harakiri": uwsgi("--http", "0.0.0.0:PORT", "--http-auto-chunked", "--http-keepalive", "--master", "--harakiri", "10"),
  "uwsgi-http11": uwsgi("--http11-socket", "0.0.0.0:PORT"),
};

const serverOf = (options: Options): Server => servers[String(options["server"])] as Server;

const on = (server: string, title: string, more: Omit<ApplicationVariant, "title"> = {}): ApplicationVariant => ({
  title,
  ...more,
  options: { server, ...more.options },
});

const gzip = { middleware: "django.middleware.gzip.GZipMiddleware" };
const conditional = { middleware: "django.middleware.http.ConditionalGetMiddleware" };
const common = { middleware: "django.middleware.common.CommonMiddleware" };
/** Gunicorn checks its workers once a second, so a timeout of a few seconds is long enough to be distinguished from one check. */
const short = { options: { timeout: 5 }, limitMs: 5000 };
const tenSeconds = { limitMs: 10_000 };
/** A sync worker reports to Gunicorn between requests only, so that the timeout for silent workers ends a response, heartbeats or not. */
const killed: DocumentedLimit = {
  kind: "total-timeout",
  ms: 30_000,
  setBy: "--timeout",
  page: "https://docs.gunicorn.org/en/stable/settings.html#timeout",
  shownBy: "gunicorn-26-default-timeout-cuts-after-half-a-minute",
};
const uwsgiOptions = "https://uwsgi-docs.readthedocs.io/en/latest/Options.html";
const routed: DocumentedLimit = {
  kind: "unclassified",
  ms: 60_000,
  setBy: "--http-timeout",
  page: `${uwsgiOptions}#http-timeout`,
  shownBy: "django-on-uwsgi-chunked-cuts-silence-after-a-minute",
};
const harakiri: DocumentedLimit = {
  kind: "total-timeout",
  ms: 10_000,
  setBy: "--harakiri",
  page: `${uwsgiOptions}#harakiri`,
  shownBy: "django-on-uwsgi-harakiri-ends-a-stream",
};
const daphneTimeout: DocumentedLimit = {
  kind: "total-timeout",
  ms: 10_000,
  setBy: "--http-timeout",
  page: "https://github.com/django/daphne",
  shownBy: "django-on-daphne-http-timeout-ends-a-stream",
};
const byHup = { reload: "SIGHUP" } as const;
const inThreads = { concurrency: threads };

const packages = [
  "python3-gunicorn",
  "python3-gevent",
  "python3-uvicorn",
  "daphne",
  "python3-hypercorn",
  "python3-waitress",
  "uwsgi-core",
  "uwsgi-plugin-python3",
];

export default defineOrigin({
  kind: "application",
  title: "Django: StreamingHttpResponse and HttpResponse, over WSGI and ASGI",
  link: "https://docs.djangoproject.com/en/stable/ref/request-response/#streaminghttpresponse-objects",
  debian: { release: "trixie", packages: ["python3-django", ...packages] },
  versions: {
    "3.2": { release: "bookworm" },
    "4.2": { release: "trixie" },
    "5.2": { release: "forky" },
    "6.1": { release: "experimental", packages: ["python3-django/experimental", ...packages] },
  },
  clock: "libfaketime",
  command: (render) => serverOf(render.options).command(render),
  environment: ({ options }) => ({ MIDDLEWARE: String(options["middleware"] ?? "") }),
  files: labModule,
  version: (options) => {
    const server = serverOf(options).package;
    return server === null
      ? {
          command: ["sh", "-c", 'echo "uwsgi/$(uwsgi --version | cut -d- -f1) Django/$(python3 -m django --version)"'],
          pattern: /(uwsgi\/[\d.]+ Django\/[\d.]+)/,
        }
      : versionsOf(server, "Django");
  },
  readiness: "/ready",
  path: "/stream",
  scriptedHead: "/with-head",
  variants: {
    default: on("sync", "Gunicorn's sync worker", { concurrency: workers, ...byHup, limits: [killed] }),
    gthread: on("gthread", "Gunicorn's gthread worker", { ...inThreads, ...byHup }),
    gevent: on("gevent", "Gunicorn's gevent worker", byHup),
    "gunicorn-uvicorn": on("gunicorn-uvicorn", "Gunicorn with Uvicorn's worker", byHup),
    "gunicorn-asgi": on("gunicorn-asgi", "Gunicorn's own ASGI worker, from its release 24 on"),
    uvicorn: on("uvicorn", "Uvicorn"),
    daphne: on("daphne", "Daphne"),
    hypercorn: on("hypercorn", "Hypercorn"),
    waitress: on("waitress", "Waitress", inThreads),
    "uwsgi-http": on("uwsgi-http", "uWSGI's HTTP router (--http)", { ...inThreads, limits: [routed] }),
    "uwsgi-chunked": on("uwsgi-chunked", "uWSGI's HTTP router with --http-auto-chunked --http-keepalive", {
      ...inThreads,
      limits: [routed],
    }),
    "uwsgi-http11": on("uwsgi-http11", "uWSGI's --http11-socket", inThreads),
    gzip: on("gthread", "GZipMiddleware, over WSGI (gthread)", { ...inThreads, options: gzip }),
    "uvicorn-gzip": on("uvicorn", "GZipMiddleware, over ASGI (Uvicorn)", { options: gzip }),
    conditional: on("gthread", "ConditionalGetMiddleware, which compares ETags (gthread)", { ...inThreads, options: conditional }),
    common: on("gthread", "CommonMiddleware, which sets Content-Length (gthread)", { ...inThreads, options: common }),
    "daphne-http-timeout": on("daphne-http-timeout", "Daphne with --http-timeout 10", { ...tenSeconds, limits: [daphneTimeout] }),
    "uwsgi-harakiri": on("uwsgi-harakiri", "uWSGI's HTTP router, with --harakiri 10", {
      ...inThreads,
      ...tenSeconds,
      limits: [routed, harakiri],
    }),
    "sync-timeout": on("sync", "Gunicorn's sync worker with --timeout 5", {
      ...short,
      concurrency: workers,
      limits: [{ ...killed, ms: 5000, shownBy: "gunicorn-26-sync-worker-is-killed-at-its-timeout" }],
    }),
    "gthread-timeout": on("gthread", "Gunicorn's gthread worker with --timeout 5", { ...short, ...inThreads }),
  },
});
