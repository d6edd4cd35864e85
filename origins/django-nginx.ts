import { readFileSync } from "node:fs";
import { join } from "node:path";
import { defineOrigin } from "../harness/define.ts";
import type { ApplicationVariant, Render } from "../harness/define.ts";
import { nginxInFront } from "./_nginx.ts";
import { labModule, versionsOf } from "./_python.ts";

const threads = 16;

/** What serves Django on a unix socket in `folder`. */
const servers: Record<string, (folder: string) => string[]> = {
  uwsgi: (folder) =>
    `uwsgi --plugins python3 --socket ${folder}/app.sock --chmod-socket=666 --module app:wsgi --threads ${threads} --need-app`.split(" "),
  gthread: (folder) => `python3 -m gunicorn --bind unix:${folder}/app.sock --worker-class gthread --threads ${threads} app:wsgi`.split(" "),
  uvicorn: (folder) => `python3 -m uvicorn --uds ${folder}/app.sock app:asgi`.split(" "),
};

const uwsgiPass = (folder: string): string => `uwsgi_pass unix:${folder}/app.sock; include /etc/nginx/uwsgi_params;`;
const proxyPass = (folder: string): string => `proxy_pass http://unix:${folder}/app.sock; proxy_set_header Host $http_host;`;
const http11 = 'proxy_http_version 1.1; proxy_set_header Connection "";';

const on = (server: keyof typeof servers, title: string, location = ""): ApplicationVariant => ({
  title,
  options: { server, location },
  ...(server === "uvicorn" ? {} : { concurrency: threads }),
});

export default defineOrigin({
  kind: "application",
  title: "Django behind its own nginx, which reaches it over a unix socket",
  link: "https://docs.djangoproject.com/en/stable/howto/deployment/wsgi/uwsgi/",
  debian: {
    release: "trixie",
    packages: ["python3-django", "python3-gunicorn", "python3-uvicorn", "uwsgi-core", "uwsgi-plugin-python3", "nginx-light"],
  },
  versions: { "3.2": { release: "bookworm" }, "4.2": { release: "trixie" }, "5.2": { release: "forky" } },
  command: ({ folder, options }) => [
    "sh",
    `${folder}/start.sh`,
    folder,
    ...(servers[String(options["server"])] as (typeof servers)[string])(folder),
  ],
  files: (render) => ({
    ...labModule(),
    ...Object.fromEntries(["app.py", "bulk.py"].map((name) => [name, readFileSync(join(import.meta.dirname, "django", name), "utf8")])),
    "nginx.conf": nginx(render),
  }),
  version: ({ server }) =>
    server === "uwsgi"
      ? {
          command: ["sh", "-c", 'echo "uwsgi/$(uwsgi --version | cut -d- -f1) Django/$(python3 -m django --version)"'],
          pattern: /(uwsgi\/[\d.]+ Django\/[\d.]+)/,
        }
      : versionsOf(server === "uvicorn" ? "uvicorn" : "gunicorn", "Django"),
  readiness: "/ready",
  path: "/stream",
  variants: {
    default: on("uwsgi", "uWSGI behind uwsgi_pass, nginx's uwsgi_buffering at its default"),
    unbuffered: on("uwsgi", "uWSGI behind uwsgi_pass, with uwsgi_buffering off", "uwsgi_buffering off;"),
    gunicorn: on("gthread", "Gunicorn's gthread worker behind proxy_pass, nginx's proxy_buffering at its default"),
    "gunicorn-unbuffered": on("gthread", "Gunicorn's gthread worker behind proxy_pass, with proxy_buffering off", "proxy_buffering off;"),
    "gunicorn-http-1.1": on(
      "gthread",
      "Gunicorn's gthread worker behind proxy_pass that uses HTTP/1.1, unbuffered",
      `${http11} proxy_buffering off;`,
    ),
    uvicorn: on("uvicorn", "Uvicorn behind proxy_pass that uses HTTP/1.1, unbuffered", `${http11} proxy_buffering off;`),
  },
});

const nginx = (render: Render): string =>
  nginxInFront(render, [
    render.options["server"] === "uwsgi" ? uwsgiPass(render.folder) : proxyPass(render.folder),
    String(render.options["location"] ?? ""),
  ]);
