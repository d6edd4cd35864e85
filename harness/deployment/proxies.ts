// The proxies of a compose file: those that can be checked, and those that are only named.
import type { CheckableServer } from "../check/server.ts";
import type { Place } from "../check/configuration.ts";
import { openScope } from "./environment.ts";
import { proxiesOf } from "./find-proxy.ts";
import { Folder } from "./folder.ts";
import { otherProxyIn } from "./other-proxies.ts";
import { readProject } from "./project.ts";
import type { Service } from "./project.ts";
import { entry, listOf, softly } from "./scope.ts";
import { imageOf } from "./services.ts";

/** A service that runs a proxy. */
export interface NamedProxy {
  service: string;
  /** What it runs, e.g. `Traefik`. */
  title: string;
  place: Place;
  /** It has ports of the machine's. */
  isPublished: boolean;
}

export interface Proxies {
  checkable: NamedProxy[];
  others: NamedProxy[];
}

export interface ProxiesOptions {
  cwd: string;
  env: Record<string, string>;
  servers: readonly CheckableServer[];
}

/** Throws AuthorErrors only. */
export const readProxies = async (given: string, { cwd, env, servers }: ProxiesOptions): Promise<Proxies> => {
  const folder = await Folder.around(given, cwd);
  const { scope } = await openScope(folder, env);
  const project = await readProject(given, folder, scope);
  const { proxies } = await proxiesOf(project, servers, scope, folder);
  const named = (service: Service, title: string): NamedProxy => ({
    service: service.name,
    title,
    place: service.place,
    isPublished: listOf(entry(service.fields, "ports"), "ports").length > 0,
  });
  const checkable = proxies.map(({ proxy, server }) => named(proxy, server.packaging.title));
  const others = [...project.services.values()].flatMap((service): NamedProxy[] => {
    if (checkable.some((one) => one.service === service.name)) return [];
    const image = softly(() => imageOf(service, scope), null)?.image;
    const title = image === undefined ? null : otherProxyIn(image);
    return title === null ? [] : [named(service, title)];
  });
  return { checkable, others };
};
