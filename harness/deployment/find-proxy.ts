// Which service of a compose file is the proxy: the one that was asked for, or the only one that runs a server that can be checked.
import { nearestTo } from "../catalog/shelf.ts";
import { AuthorError } from "../errors.ts";
import type { Packaging } from "./packaging.ts";
import type { CheckableServer } from "../check/server.ts";
import { parseBuild } from "./build.ts";
import { containerPath } from "./container-files.ts";
import type { Folder } from "./folder.ts";
import { mountsOf } from "./mounts.ts";
import type { Project, Service } from "./project.ts";
import { at, entry, softly } from "./scope.ts";
import type { Scope } from "./scope.ts";
import { madeAtRunTimeIn } from "./at-run-time.ts";
import { buildOf, imageOf } from "./services.ts";

export interface Proxy {
  proxy: Service;
  server: CheckableServer;
}

/** `unread`: what is wrong with services of which it could not be seen what they run. */
export const proxiesOf = async (
  project: Project,
  servers: readonly CheckableServer[],
  scope: Scope,
  folder: Folder,
): Promise<{ proxies: Proxy[]; unread: AuthorError[] }> => {
  const proxies: Proxy[] = [];
  const unread: AuthorError[] = [];
  for (const proxy of project.services.values())
    for (const server of servers) {
      // Few, and each reads at most one file.
      // oxlint-disable-next-line no-await-in-loop
      if (await runs(server.packaging, proxy, scope, folder, unread)) {
        proxies.push({ proxy, server });
        break;
      }
    }
  return { proxies, unread };
};

export const findProxy = async (
  project: Project,
  asked: string | undefined,
  servers: readonly CheckableServer[],
  scope: Scope,
  folder: Folder,
): Promise<Proxy> => {
  const names = [...project.services.keys()];
  const titles = servers.map(({ packaging }) => packaging.title).join(" or ");
  const { proxies, unread } = await proxiesOf(project, servers, scope, folder);
  if (asked !== undefined) {
    const service = project.services.get(asked);
    if (!service) throw new AuthorError(`${project.file} has no service "${asked}"; ${nearestTo(asked, names)}`);
    const found = proxies.find(({ proxy }) => proxy === service);
    if (found) return found;
    // Its own mistake first: it may be why the server is not seen.
    const plan = buildOf(service, scope, folder);
    if (plan) await parseBuild(plan, folder);
    throw new AuthorError(`${at(service.place)}: service ${asked} does not run ${titles} as far as its files show; ${listed(proxies)}`);
  }
  const [only, ...others] = proxies;
  if (!only)
    throw new AuthorError(
      `${project.file} has no service that runs ${titles} by its image, its Dockerfile or what is mounted; its services are ${names.join(", ")}${unread[0] ? ` (${unread[0].message})` : ""}`,
    );
  if (others.length > 0)
    throw new AuthorError(
      `${project.file} has ${proxies.length} services that run ${titles}; give --service ${proxies.map(({ proxy }) => proxy.name).join("|")}`,
    );
  return only;
};

const listed = (proxies: readonly Proxy[]): string =>
  proxies.length === 0 ? "none here does" : `these do: ${proxies.map(({ proxy }) => proxy.name).join(", ")}`;

const runs = async (packaging: Packaging, service: Service, scope: Scope, folder: Folder, unread: AuthorError[]): Promise<boolean> => {
  const { isImage, isConfiguration } = packaging;
  const image = softly(() => imageOf(service, scope), null);
  if (image && isImage(image.image)) return true;
  const made = madeAtRunTimeIn(service, packaging, scope);
  if (made) return !made.isWriter;
  const mounts = softly(() => mountsOf(entry(service.fields, "volumes"), scope), []);
  if (mounts.some(({ kind, target }) => kind === "path" && isConfiguration(containerPath(target)))) return true;
  if (configTargets(service, scope).some((target) => isConfiguration(containerPath(target)))) return true;
  return builds(packaging, service, scope, folder, unread);
};

const configTargets = (service: Service, scope: Scope): string[] =>
  softly(() => {
    const configs = entry(service.fields, "configs");
    if (configs?.kind !== "list") return [];
    return configs.items.flatMap((item) =>
      item.kind === "mapping" ? [scope.optionalText(entry(item, "target"), "configs.target") ?? ""] : [],
    );
  }, []);

/** Its image is the base, or it is installed, or its configuration is put in. */
const builds = async (packaging: Packaging, service: Service, scope: Scope, folder: Folder, unread: AuthorError[]): Promise<boolean> => {
  try {
    const plan = buildOf(service, scope, folder);
    if (!plan) return false;
    const { image, chain } = await parseBuild(plan, folder);
    return packaging.isImage(image) || chain.some(({ instructions }) => instructions.some((line) => packaging.isAddedBy(line)));
  } catch (error) {
    // Another service's mistake; the proxy's own is reported when it is read.
    if (!(error instanceof AuthorError)) throw error;
    if (!unread.includes(error)) unread.push(error);
    return new RegExp(`\\b${packaging.title}\\b`, "i").test(service.name);
  }
};
