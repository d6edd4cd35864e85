// Which service of a compose file is the proxy: the one that was asked for, or the only one that runs nginx.
import { nearestTo } from "../../catalog.ts";
import { AuthorError } from "../../runtime/runtime.ts";
import { parseBuild } from "./build.ts";
import { containerPath } from "./container-files.ts";
import type { Folder } from "./folder.ts";
import { isConfiguration, isNginxImage } from "./image.ts";
import { mountsOf } from "./mounts.ts";
import type { Project, Service } from "./project.ts";
import { at, entry, softly } from "./scope.ts";
import type { Scope } from "./scope.ts";
import { buildOf, imageOf } from "./services.ts";

export const findProxy = async (project: Project, asked: string | undefined, scope: Scope, folder: Folder): Promise<Service> => {
  const services = [...project.services.values()];
  const names = services.map(({ name }) => name);
  const proxies: Service[] = [];
  const unread: AuthorError[] = [];
  for (const service of services) {
    // Few, and each reads at most one file.
    // oxlint-disable-next-line no-await-in-loop
    if (await runsNginx(service, scope, folder, unread)) proxies.push(service);
  }
  if (asked !== undefined) {
    const service = project.services.get(asked);
    if (!service) throw new AuthorError(`${project.file} has no service "${asked}"; ${nearestTo(asked, names)}`);
    if (proxies.includes(service)) return service;
    // Its own mistake first: it may be why nginx is not seen.
    const plan = buildOf(service, scope, folder);
    if (plan) await parseBuild(plan, folder);
    throw new AuthorError(`${at(service.place)}: service ${asked} does not run nginx as far as is seen; ${runningNginx(proxies)}`);
  }
  const [only, ...others] = proxies;
  if (!only)
    throw new AuthorError(
      `${project.file} has no service that runs nginx by its image, its Dockerfile or what is mounted; its services are ${names.join(", ")}${unread[0] ? ` (${unread[0].message})` : ""}`,
    );
  if (others.length > 0)
    throw new AuthorError(
      `${project.file} has ${proxies.length} services that run nginx; give --service ${proxies.map(({ name }) => name).join("|")}`,
    );
  return only;
};

const runningNginx = (proxies: readonly Service[]): string =>
  proxies.length === 0 ? "none here does" : `these do: ${proxies.map(({ name }) => name).join(", ")}`;

const runsNginx = async (service: Service, scope: Scope, folder: Folder, unread: AuthorError[]): Promise<boolean> => {
  const image = softly(() => imageOf(service, scope), null);
  if (image && isNginxImage(image.image)) return true;
  const mounts = softly(() => mountsOf(entry(service.fields, "volumes"), scope), []);
  if (mounts.some(({ kind, target }) => kind === "path" && isConfiguration(containerPath(target)))) return true;
  if (configTargets(service, scope).some((target) => isConfiguration(containerPath(target)))) return true;
  return buildsNginx(service, scope, folder, unread);
};

const configTargets = (service: Service, scope: Scope): string[] =>
  softly(() => {
    const configs = entry(service.fields, "configs");
    if (configs?.kind !== "list") return [];
    return configs.items.flatMap((item) =>
      item.kind === "mapping" ? [scope.optionalText(entry(item, "target"), "configs.target") ?? ""] : [],
    );
  }, []);

/** FROM nginx, or nginx installed, or its configuration put there. */
const buildsNginx = async (service: Service, scope: Scope, folder: Folder, unread: AuthorError[]): Promise<boolean> => {
  try {
    const plan = buildOf(service, scope, folder);
    if (!plan) return false;
    const { image, chain } = await parseBuild(plan, folder);
    if (isNginxImage(image)) return true;
    const lines = chain.flatMap(({ instructions }) => instructions);
    return lines.some(
      ({ name, rest }) =>
        (name === "RUN" && /\b(apt-get|apt|apk|yum|dnf)\b[^;&]*\s(install|add)\s[^;&]*\bnginx(?![\w-]*exporter)/.test(rest)) ||
        (/^(COPY|ADD)$/.test(name) && /\s"?\/etc\/nginx(\/|\s*$|")[^\s]*\s*\]?\s*$/.test(rest)),
    );
  } catch (error) {
    // Another service's mistake; the proxy's own is told when it is read.
    if (!(error instanceof AuthorError)) throw error;
    unread.push(error);
    return /\bnginx\b/i.test(service.name);
  }
};
