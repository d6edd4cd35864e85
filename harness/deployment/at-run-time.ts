// A service whose configuration exists only while it runs is answered with the command that gets at it.
import { AuthorError } from "../errors.ts";
import type { MadeAtRunTime, Packaging } from "./packaging.ts";
import type { Project, Service } from "./project.ts";
import { at, entry, softly } from "./scope.ts";
import type { Scope } from "./scope.ts";
import { imageOf } from "./services.ts";

export const madeAtRunTimeIn = (service: Service, { madeAtRunTime }: Packaging, scope: Scope): MadeAtRunTime | null => {
  const image = softly(() => imageOf(service, scope), null);
  return image ? (madeAtRunTime?.(image.image) ?? null) : null;
};

/** Another service of the project that writes configurations. */
export const writerIn = (project: Project, packaging: Packaging, scope: Scope): MadeAtRunTime | null =>
  [...project.services.values()].map((service) => madeAtRunTimeIn(service, packaging, scope)).find((made) => made?.isWriter) ?? null;

export const refuseMadeAtRunTime = (service: Service, { title, how, command, dump }: MadeAtRunTime, file: string, scope: Scope): never => {
  const container = softly(() => scope.optionalText(entry(service.fields, "container_name"), "container_name"), null);
  const run = container === null ? `docker compose -f ${file} exec -T ${service.name}` : `docker exec ${container}`;
  throw new AuthorError(
    `${at(service.place)}: service ${service.name} is configured by ${title}: ${how}. Save what there is then with "${run} ${command} > ${dump}", and check that: hopwise check ${dump}`,
  );
};
