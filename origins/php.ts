import { defineOrigin } from "../harness/define.ts";
import type { Render } from "../harness/define.ts";
import { nginxInFront } from "./_nginx.ts";

/** PHP-FPM serves one request with each of its processes. */
const children = 16;

export default defineOrigin({
  kind: "application",
  title: "PHP: flush() under PHP-FPM, behind its own nginx",
  link: "https://www.php.net/manual/en/function.flush.php",
  debian: { release: "trixie", packages: ["php-fpm", "nginx-light"] },
  versions: { "8.2": { release: "bookworm" }, "8.4": { release: "trixie" } },
  clock: "libfaketime",
  command: ({ folder }) => ["sh", `${folder}/start.sh`, folder],
  environment: ({ options }) => ({ ACCEL: String(options["accel"] ?? "") }),
  files: (render) => ({ "nginx.conf": nginx(render), "fpm.conf": fpm(render), "start.sh": start }),
  version: () => ({ command: ["sh", "-c", "ls /usr/sbin/php-fpm*"], pattern: /php-fpm([\d.]+)/ }),
  readiness: "/ready",
  path: "/stream",
  variants: {
    default: { title: "output_buffering=0, nginx's fastcgi_buffering at its default", concurrency: children },
    unbuffered: { title: "fastcgi_buffering off", options: { nginx: "fastcgi_buffering off;" }, concurrency: children },
    accel: { title: "X-Accel-Buffering: no, sent by the script", options: { accel: "yes" }, concurrency: children },
    "output-buffering": {
      title: "fastcgi_buffering off, and output_buffering=4096 as in php.ini-production",
      options: { nginx: "fastcgi_buffering off;", outputBuffering: 4096 },
      concurrency: children,
    },
  },
});

const start = `set -e
cd "$1"
$(ls /usr/sbin/php-fpm*) --nodaemonize --fpm-config "$1/fpm.conf" &
until [ -S fpm.sock ]; do sleep 0.05; done
exec nginx -p "$1" -c "$1/nginx.conf" -g "daemon off;"
`;

const fpm = ({ folder, options }: Render): string => `[global]
error_log = /dev/stderr
[www]
user = www-data
group = www-data
listen = ${folder}/fpm.sock
listen.mode = 0666
pm = static
pm.max_children = ${children}
clear_env = no
catch_workers_output = yes
php_admin_value[output_buffering] = ${String(options["outputBuffering"] ?? 0)}
`;

const nginx = (render: Render): string =>
  nginxInFront(render, [
    `fastcgi_pass unix:${render.folder}/fpm.sock;`,
    "include /etc/nginx/fastcgi_params;",
    `fastcgi_param SCRIPT_FILENAME ${render.folder}/index.php;`,
    String(render.options["nginx"] ?? ""),
  ]);
