// Lists and imports what authors wrote: the folder listing is the registry, and the file name is the id.
import { basename, extname, join } from "node:path";
import type { MiddlewareDefinition, OriginDefinition, PlatformDefinition, Scenario, ServerDefinition } from "../define.ts";
import { checkScenario } from "./schema.ts";
import { loadDefault } from "./load-file.ts";
import { Shelf } from "./shelf.ts";
import type { Entry } from "./shelf.ts";
import { packageRoot } from "./package-root.ts";

export interface Catalog {
  servers: Shelf<ServerDefinition>;
  middlewares: Shelf<MiddlewareDefinition>;
  origins: Shelf<OriginDefinition>;
  scenarios: Shelf<Scenario>;
  platforms: Shelf<PlatformDefinition>;
}

/** The catalog, with further folders of servers, middlewares, origins and scenarios, e.g. those of tests. */
export const openCatalog = (
  more: { servers?: string[]; middlewares?: string[]; origins?: string[]; scenarios?: string[] } = {},
): Catalog => ({
  servers: new Shelf("server", [join(packageRoot, "proxies"), ...(more.servers ?? [])]),
  middlewares: new Shelf("middleware", [join(packageRoot, "middlewares"), ...(more.middlewares ?? [])]),
  origins: new Shelf("origin", [join(packageRoot, "origins"), ...(more.origins ?? [])]),
  scenarios: new Shelf("scenario", [join(packageRoot, "scenarios"), ...(more.scenarios ?? [])], checkScenario),
  platforms: new Shelf("platform", [join(packageRoot, "platforms")]),
});

/** A scenario in a file of its own, by its path. */
export const scenarioFromFile = (file: string): Entry<Scenario> => ({
  id: basename(file, extname(file)),
  file,
  load: () => loadDefault<Scenario>(file, "a scenario", checkScenario),
});
