// What nginx's packages and images contain, so that a configuration may include it without providing it.
import { posix } from "node:path";

/** Of the main file, unless a deployment says otherwise: where relative paths of includes and certificates start. */
export const configurationFolder = "/etc/nginx";

const names =
  /^(?:mime\.types|(?:fastcgi|uwsgi|scgi|proxy)_params|fastcgi\.conf|koi-utf|koi-win|win-utf|snippets\/(?:fastcgi-php|snakeoil)\.conf)$/;
const modules = /^(?:\/etc\/nginx\/modules-enabled|\/usr\/share\/nginx\/modules|\/etc\/nginx\/modules)\//;

/** `folder` is the main file's. */
export const isOfTheImage = (target: string, folder: string): boolean =>
  modules.test(target) || [folder, configurationFolder].some((one) => names.test(posix.relative(one, target)));

/** Sites that an image would add to the user's own where an include of many files reaches them. */
export const sitesOfTheImage = ["/etc/nginx/conf.d/default.conf", "/etc/nginx/sites-enabled/default"];

/** Folders that every image has, so that nginx can make a file or a folder in them. */
const folders = new Set(
  "/ /dev /dev/shm /etc /etc/nginx /etc/nginx/conf.d /etc/ssl /home /opt /root /run /srv /tmp /usr /usr/local /usr/share /usr/share/nginx /usr/share/nginx/html /var /var/cache /var/lib /var/log /var/log/nginx /var/run /var/tmp /proc/self/fd".split(
    " ",
  ),
);

export const isFolderOfTheImage = (target: string): boolean => folders.has(target);

/** Where relative paths of logs and caches lie: of Debian's build, and of the public image. */
export const prefixes = ["/usr/share/nginx", "/etc/nginx"];

/** Of files that others write, and that say nothing about streams. */
export const wellKnownFiles: Record<string, { body: string; is: string }> = {
  "/etc/letsencrypt/options-ssl-nginx.conf": {
    is: "certbot's options for TLS",
    body: "ssl_session_cache shared:le_nginx_SSL:10m;\nssl_session_timeout 1440m;\nssl_session_tickets off;\nssl_protocols TLSv1.2 TLSv1.3;\nssl_prefer_server_ciphers off;\n",
  },
};
