// nginx's images and packages: their names, how they are installed, where the configuration is, and what an image does at its start.
import { containerPath } from "../../../deployment/container-files.ts";
import type { Command } from "../../../deployment/shell.ts";
import type { Container, Layout, Packaging, Places, StartArguments } from "../../../deployment/packaging.ts";
import { madeAtRunTime } from "./at-run-time.ts";
import { entryPointFiles } from "./entry-point.ts";
import { filledByEntryPoint } from "./packaging-templates.ts";

const ours = /^(nginx|openresty|freenginx)(-(alpine|brotli|debian|extras|http3|mainline|quic|rootless|stable|unprivileged))*$/;

/** Without registry, namespace, tag and digest: `registry.x:5000/foo/nginx:1.25@sha256:…` is `nginx`. */
const lastName = (image: string): string => (image.split("@")[0] ?? "").split("/").at(-1)?.split(":")[0]?.toLowerCase() ?? "";

const isImage = (image: string): boolean => ours.test(lastName(image));

const layouts = {
  /** The image `nginx` and those made after it: conf.d/*.conf, with a default.conf there. */
  official: { main: "/etc/nginx/nginx.conf", sites: ["/etc/nginx/conf.d/*.conf"] },
  /** Debian's and Ubuntu's package, with a site called default in sites-enabled. */
  debian: { main: "/etc/nginx/nginx.conf", sites: ["/etc/nginx/conf.d/*.conf", "/etc/nginx/sites-enabled/*"] },
  /** Alpine's package. */
  alpine: { main: "/etc/nginx/nginx.conf", sites: ["/etc/nginx/http.d/*.conf", "/etc/nginx/conf.d/*.conf"] },
  openresty: { main: "/usr/local/openresty/nginx/conf/nginx.conf", sites: ["/etc/nginx/conf.d/*.conf"] },
  bitnami: { main: "/opt/bitnami/nginx/conf/nginx.conf", sites: ["/opt/bitnami/nginx/conf/server_blocks/*.conf"] },
} satisfies Record<string, Places>;

const layoutOf = (image: string): keyof typeof layouts => {
  if (/(^|\/)bitnami(legacy|secure)?\/nginx/i.test(image)) return "bitnami";
  if (lastName(image).startsWith("openresty")) return "openresty";
  // These images are made of Ubuntu's package, and old deployments use them.
  return /(^|\/)(tutum|dockerfile)\/nginx/i.test(image) ? "debian" : "official";
};

const versionOf = (image: string): string | null => {
  const [, tag] = /:(\d+\.\d+(?:\.\d+)?)(?!\d)[^/]*$/.exec(image) ?? [];
  return tag !== undefined && isImage(image) ? `nginx/${tag}` : null;
};

/** Nothing but the image `nginx` itself, or what is made by its authors. */
const isOfficial = (image: string): boolean =>
  /^((docker\.io\/)?(library\/)?nginx|(docker\.io\/)?nginxinc\/nginx-unprivileged)([:@]|$)/i.test(image);

/** An image of the user's with sites-enabled, and no nginx.conf that includes them, is made of Debian's package. */
const layoutIn = ({ files, gone, has }: Container, image: string | null, layout: Layout): Layout => {
  const usesSites = [...files, ...gone].some(({ target }) => target.startsWith("/etc/nginx/sites-enabled"));
  return layout === "official" && image !== null && !isOfficial(image) && usesSites && !has(layouts.official.main) ? "debian" : layout;
};

const configurationFolders = [
  "/etc/nginx",
  "/usr/local/openresty/nginx/conf",
  "/opt/bitnami/nginx/conf",
  "/usr/local/nginx/conf",
  "/opt/nginx/conf",
];
const keys =
  /(^|\/)(ssl|tls|certs?|certificates?|keys?|private|letsencrypt|acme|secrets?|auth)(\/|$)|\.(pem|crt|cer|key|csr|p12)$|htpasswd|dhparam/i;

/** Certificates and passwords are made where they are missing. */
const isConfiguration = (target: string): boolean =>
  configurationFolders.some((folder) => target === folder || target.startsWith(`${folder}/`)) && !keys.test(target.slice("/etc".length));

const isAddedBy = ({ name, rest }: { name: string; rest: string }): boolean =>
  (name === "RUN" && /\b(apt-get|apt|apk|yum|dnf)\b[^;&]*\s(install|add)\s[^;&]*\bnginx(?![\w-]*exporter)/.test(rest)) ||
  (/^(COPY|ADD)$/.test(name) && /\s"?\/etc\/nginx(\/|\s*$|")[^\s]*\s*\]?\s*$/.test(rest));

const installedBy = ({ words }: Command): keyof typeof layouts | null => {
  const rest = words.filter((word) => !word.startsWith("-"));
  const [head = "", verb = "", ...packages] = rest;
  if (!packages.some((name) => /^nginx(-(full|light|extras|core|mainline|stable|mod-.*))?(=.*)?$/.test(name))) return null;
  if (/^apt(-get)?$/.test(head) && verb === "install") return "debian";
  if (head === "apk" && verb === "add") return "alpine";
  return /^(yum|dnf|microdnf|zypper)$/.test(head) && verb === "install" ? "official" : null;
};

/** `echo "daemon off;" >> /etc/nginx/nginx.conf`. */
const keepsInForeground = ({ words, redirects }: Command): boolean =>
  /^(echo|printf)$/.test(words[0] ?? "") &&
  redirects.length === 1 &&
  redirects[0]?.operator === ">>" &&
  /^(-\w )*\\?n?\s*daemon off;(\\n)?$/.test(words.slice(1).join(" ").trim());

const isProgram = (word: string | undefined): boolean => /(^|\/)(nginx|nginx-debug|openresty)$/.test(word ?? "");

const readArguments = (words: readonly string[]): StartArguments => {
  const valueOf = (option: string): string | null => {
    const at = words.indexOf(option);
    if (at !== -1) return words[at + 1] ?? null;
    return words.find((word) => word.startsWith(option) && word.length > 2)?.slice(2) ?? null;
  };
  const main = valueOf("-c");
  const globals = (valueOf("-g") ?? "").replaceAll(/\b(daemon|master_process)\s+\w+\s*;?/g, "").trim();
  return { main: main === null ? null : containerPath(main, "/etc/nginx"), globals: globals === "" ? null : globals };
};

/** Read before the user's sites, it answers for every name that these do not have. */
const ownSiteFirst: Packaging["ownSiteFirst"] = (layout, main, targets, isGone) => {
  const own = "/etc/nginx/conf.d/default.conf";
  if (layout !== "official" || targets.includes(main) || targets.includes(own) || isGone(own)) return null;
  const sites = targets.filter((target) => /^\/etc\/nginx\/conf\.d\/[^/]*\.conf$/.test(target));
  return sites.length > 0 && sites.every((target) => target > own) ? own : null;
};

export const packaging: Packaging = {
  title: "nginx",
  layouts,
  isImage,
  layoutOf,
  versionOf,
  layoutIn,
  isConfiguration,
  isAddedBy,
  installedBy,
  keepsInForeground,
  isProgram,
  isStart: (words) => !words.some((word) => word === "-s" || word === "-t" || word === "-T"),
  changesNothing: (words) => words.includes("-t") || words.includes("-v") || words.includes("-V"),
  readArguments,
  entryPoint: ["/docker-entrypoint.sh"],
  command: ["nginx"],
  isEntryPoint: (word) => /(^|\/)docker-entrypoint\.sh$/.test(word ?? ""),
  filledByEntryPoint,
  isRunByEntryPoint: (target) => /^\/docker-entrypoint\.d\/[^/]+\.(sh|envsh)$/.test(target),
  entryPointFiles,
  programs: [
    "/usr/sbin/nginx",
    "/usr/sbin/nginx-debug",
    "/usr/local/sbin/nginx",
    "/usr/local/nginx/sbin/nginx",
    "/usr/local/openresty/bin/openresty",
    "/usr/local/openresty/nginx/sbin/nginx",
    "/opt/bitnami/nginx/sbin/nginx",
  ],
  folders: configurationFolders,
  madeAtRunTime,
  ownSiteFirst,
};
