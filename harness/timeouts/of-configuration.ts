// The timeouts of a configuration or deployment of the user's, route by route.
import type { KeptResult } from "../catalog/results.ts";
import type { Catalog } from "../catalog/catalog.ts";
import { readSubject } from "../check/subject.ts";
import { servicesOf } from "../check/read-deployment.ts";
import type { Composed } from "../check/read-deployment.ts";
import type { Subject, SubjectOptions } from "../check/subject.ts";
import type { LimitSource, TimeLimit } from "../model/time-limit.ts";
import { limitsOfRoute } from "./of-routes.ts";
import type { Server } from "./of-routes.ts";

/** Routes with the same timeouts. */
export interface RouteGroup {
  routes: string[];
  limits: TimeLimit[];
}

/** What was read, as a hop. */
export interface ReadConfiguration {
  hop: string;
  remarks: string[];
  groups: RouteGroup[];
}

/** Throws AuthorErrors only. */
export const readConfiguration = async (
  catalog: Catalog,
  given: string,
  options: SubjectOptions,
  results: readonly KeptResult[],
): Promise<ReadConfiguration> => {
  const { config, server, image, composed } = await readSubject(given, options);
  const known = await serverOf(catalog, { server, image });
  const sourceOf = ({ directive, place }: { directive: string; place: { file: string; line: number } }, page: string): LimitSource => ({
    from: "configuration",
    file: place.file,
    line: place.line,
    directive,
    page,
  });
  const groups = Map.groupBy(
    config.routes.map((route) => ({ id: route.id, limits: limitsOfRoute(server.id, config, route, known, results, sourceOf) })),
    ({ limits }) => JSON.stringify(limits),
  );
  return {
    hop: server.id,
    remarks: [
      ...(config.limits ? [] : [`The timeouts of ${given} cannot be read yet: these are the defaults of ${server.packaging.title}.`]),
      ...(composed ? othersIn(composed) : []),
    ],
    groups: [...groups.values()].map((alike) => ({ routes: alike.map(({ id }) => id), limits: alike[0]?.limits ?? [] })),
  };
};

/** Their timeouts count as well, and are not in here. */
const othersIn = ({ service, inner, others }: Composed): string[] => {
  const names = [...servicesOf(inner), ...others.map((one) => `${one.service} (${one.title})`)];
  return names.length === 0 ? [] : [`These are of ${service} alone; not included: ${names.join(", ")}.`];
};

/** With the version that the image's tag says, if any. */
const serverOf = async (catalog: Catalog, { server: { id, packaging }, image }: Pick<Subject, "server" | "image">): Promise<Server> => {
  const definition = await catalog.servers.find(id, "The configuration").load();
  const version = image === null ? null : (packaging.versionOf(image)?.match(/\d+(?:\.\d+)+/)?.[0] ?? null);
  return {
    id,
    variant: "default",
    version,
    name: version === null ? id : `${id} ${version}`,
    link: definition.link,
    documented: definition.limits ?? [],
  };
};
