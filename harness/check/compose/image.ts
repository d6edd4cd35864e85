// What an image's name tells: whether nginx is in it, and how it is laid out. Pure.
import type { Layout } from "./subject.ts";

const ours = /^(nginx|openresty|freenginx)(-(alpine|brotli|debian|extras|http3|mainline|quic|rootless|stable|unprivileged))*$/;

/** Without registry, namespace, tag and digest: `registry.x:5000/foo/nginx:1.25@sha256:…` is `nginx`. */
const lastName = (image: string): string => (image.split("@")[0] ?? "").split("/").at(-1)?.split(":")[0]?.toLowerCase() ?? "";

export const isNginxImage = (image: string): boolean => ours.test(lastName(image));

export const mainTargets: Record<Layout, string> = {
  official: "/etc/nginx/nginx.conf",
  debian: "/etc/nginx/nginx.conf",
  alpine: "/etc/nginx/nginx.conf",
  openresty: "/usr/local/openresty/nginx/conf/nginx.conf",
  bitnami: "/opt/bitnami/nginx/conf/nginx.conf",
};

export const layoutOfImage = (image: string): Layout => {
  if (/(^|\/)bitnami(legacy|secure)?\/nginx/i.test(image)) return "bitnami";
  if (lastName(image).startsWith("openresty")) return "openresty";
  // Made on Ubuntu's package, and in many a deployment of the first days.
  return /(^|\/)(tutum|dockerfile)\/nginx/i.test(image) ? "debian" : "official";
};

/** Nothing but the image `nginx` itself, or what is made by its authors. */
export const isOfficial = (image: string): boolean =>
  /^((docker\.io\/)?(library\/)?nginx|(docker\.io\/)?nginxinc\/nginx-unprivileged)([:@]|$)/i.test(image);

const configurationFolders = [
  "/etc/nginx",
  "/usr/local/openresty/nginx/conf",
  "/opt/bitnami/nginx/conf",
  "/usr/local/nginx/conf",
  "/opt/nginx/conf",
];
const keys =
  /(^|\/)(ssl|tls|certs?|certificates?|keys?|private|letsencrypt|acme|secrets?|auth)(\/|$)|\.(pem|crt|cer|key|csr|p12)$|htpasswd|dhparam/i;

/** Whether nginx may read this as configuration: then it must not be missing. Certificates and passwords are made where they are. */
export const isConfiguration = (target: string): boolean =>
  configurationFolders.some((folder) => target === folder || target.startsWith(`${folder}/`)) && !keys.test(target.slice("/etc".length));
