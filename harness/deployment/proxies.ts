// The proxies of a compose file: those that can be checked, and those that are only named.
import type { CheckableServer } from "../check/server.ts";
import type { Place } from "../check/configuration.ts";
import { openScope } from "./environment.ts";
import { proxiesOf } from "./find-proxy.ts";
import { Folder } from "./folder.ts";
import { otherProxyIn } from "./other-proxies.ts";
import { readProject } from "./project.ts";
import { softly } from "./scope.ts";
import { imageOf } from "./services.ts";

/** A proxy that cannot be checked. */
export interface OtherProxy {
  service: string;
  /** What it runs, e.g. `Traefik`. */
  title: string;
  place: Place;
}

export interface Proxies {
  /** Names of services. */
  checkable: string[];
  others: OtherProxy[];
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
  const checkable = proxies.map(({ proxy }) => proxy.name);
  const others = [...project.services.values()].flatMap((service): OtherProxy[] => {
    if (checkable.includes(service.name)) return [];
    const image = softly(() => imageOf(service, scope), null)?.image;
    const title = image === undefined ? null : otherProxyIn(image);
    return title === null ? [] : [{ service: service.name, title, place: service.place }];
  });
  return { checkable, others };
};
