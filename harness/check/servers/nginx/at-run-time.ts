// Images whose configuration exists only while they run: how it comes about, and how to get at it.
import type { MadeAtRunTime } from "../../../deployment/packaging.ts";

interface Known extends Omit<MadeAtRunTime, "dump"> {
  image: RegExp;
}

const known: readonly Known[] = [
  {
    image: /(^|\/)(nginxproxy|jwilder)\/nginx-proxy$/,
    title: "nginx-proxy",
    how: "docker-gen writes its configuration while it runs, from the Docker socket",
    command: "nginx -T",
  },
  {
    image: /(^|\/)(nginxproxy|jwilder)\/docker-gen$|(^|\/)docker-gen$/,
    title: "docker-gen",
    how: "it writes the configuration of another service while it runs, from the Docker socket",
    command: "nginx -T",
    isWriter: true,
  },
  {
    image: /(^|\/)nginx-proxy-manager(-\w+)?$/,
    title: "Nginx Proxy Manager",
    how: "its web interface writes the configuration while it runs, from its database",
    command: "nginx -T",
  },
  { image: /(^|\/)nginx-ui$/, title: "Nginx UI", how: "its web interface writes the configuration while it runs", command: "nginx -T" },
  {
    image: /(^|\/)linuxserver\/(swag|letsencrypt)$/,
    title: "SWAG",
    how: "it writes its configuration into the volume /config when it first starts, and more is added there while it runs",
    command: "nginx -T -c /config/nginx/nginx.conf",
  },
  {
    image: /(^|\/)https-portal$/,
    title: "https-portal",
    how: "it writes its configuration while it runs, from its environment",
    command: "nginx -T",
  },
  {
    image: /(^|\/)bunkerweb(-all-in-one)?$/,
    title: "BunkerWeb",
    how: "its scheduler writes the configuration while it runs",
    command: "nginx -T",
  },
  {
    image: /(^|\/)ingress-nginx\/(controller|controller-chroot)$|(^|\/)nginx-ingress-controller$/,
    title: "ingress-nginx",
    how: "its controller writes the configuration while it runs, from Kubernetes' objects",
    command: "nginx -T",
  },
  {
    image: /(^|\/)nginx-(plus-)?ingress$/,
    title: "the NGINX Ingress Controller",
    how: "it writes its configuration while it runs, from Kubernetes' objects",
    command: "nginx -T",
  },
  {
    image: /(^|\/)gitlab-(ce|ee)$/,
    title: "GitLab",
    how: "its Chef recipes write the configuration of its nginx when it starts",
    command: "/opt/gitlab/embedded/sbin/nginx -p /var/opt/gitlab/nginx -T",
  },
  {
    image: /(^|\/)kong(-gateway)?$/,
    title: "Kong",
    how: "it writes the configuration of its nginx when it starts",
    command: "/usr/local/openresty/nginx/sbin/nginx -p /usr/local/kong -c nginx.conf -T",
  },
  {
    image: /(^|\/)apisix$/,
    title: "Apache APISIX",
    how: "it writes the configuration of its nginx when it starts",
    command: "/usr/local/openresty/bin/openresty -p /usr/local/apisix -c conf/nginx.conf -T",
  },
  {
    image: /(^|\/)modsecurity-crs$/,
    title: "the OWASP Core Rule Set",
    how: "its entry point writes the configuration when it starts, from templates of its own",
    command: "nginx -T",
  },
];

/** `registry.x:5000/foo/nginx-proxy:1.6@sha256:…` without its tag and digest. */
const withoutTag = (image: string): string => (image.split("@")[0] ?? "").replace(/:[^/:]*$/, "").toLowerCase();

export const madeAtRunTime = (image: string): MadeAtRunTime | null => {
  const found = known.find((one) => one.image.test(withoutTag(image)));
  return found ? { ...found, dump: "nginx.dump" } : null;
};
