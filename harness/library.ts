// One scenario at a time, for programs: a runtime is opened for it and closed behind it.
import { openCatalog, scenarioFromFile } from "./catalog.ts";
import type { Catalog, Entry } from "./catalog.ts";
import type { Scenario } from "./define.ts";
import type { ScenarioReport } from "./report/report.ts";
import { run } from "./run.ts";
import { openRuntime } from "./runtime/choose.ts";
import type { RuntimeWish } from "./runtime/choose.ts";
import { checkScenario } from "./schema.ts";
import { version } from "./version.ts";

export interface CatalogOptions {
  /** Folders with servers of your own, one file each; the file's name is what a chain calls it. */
  servers?: string[];
  /** Folders with middlewares of your own. */
  middlewares?: string[];
}

export interface RunScenarioOptions extends CatalogOptions {
  /** Where hops run; auto, which is the default, takes containers where an engine answers. */
  runtime?: RuntimeWish;
  /** What the report calls it; the default is its file's name, or "scenario". */
  id?: string;
  /** This image in place of each server's own. */
  image?: string;
  /** Ends the run: what was started is stopped, and the promise rejects. */
  signal?: AbortSignal;
}

/** A scenario, or the file of one. Throws an AuthorError for what is wrong with it and a WorldError where nothing can run. */
export const runScenario = async (scenario: Scenario | string, options: RunScenarioOptions = {}): Promise<ScenarioReport> => {
  const { runtime: wish = "auto", image = null, signal } = options;
  const entry = entryOf(scenario, options.id);
  await using runtime = await openRuntime(wish);
  signal?.throwIfAborted();
  const { scenarios } = await run({
    catalog: catalogOf(options),
    scenarios: [entry],
    runtime,
    version,
    image,
    ...(signal ? { signal } : {}),
  });
  signal?.throwIfAborted();
  const [report] = scenarios;
  if (!report) throw new Error(`Nothing was reported of "${entry.id}"`);
  return report;
};

export const catalogOf = ({ servers, middlewares }: CatalogOptions): Catalog =>
  openCatalog({ ...(servers ? { servers } : {}), ...(middlewares ? { middlewares } : {}) });

const entryOf = (scenario: Scenario | string, id: string | undefined): Entry<Scenario> => {
  if (typeof scenario === "string") {
    const entry = scenarioFromFile(scenario);
    return { ...entry, id: id ?? entry.id };
  }
  const name = id ?? "scenario";
  return { id: name, file: "", load: async () => checkScenario(scenario, `Scenario "${name}"`) };
};
