// One scenario at a time, for programs: a runtime is opened for it and closed behind it.
import { openCatalog, scenarioFromFile } from "./catalog.ts";
import type { Catalog, Entry } from "./catalog.ts";
import type { Scenario } from "./define.ts";
import { unlessInterrupted } from "./interruption.ts";
import type { ScenarioReport } from "./report/report.ts";
import { run } from "./run.ts";
import { openRuntime, runtimeWishes, settleWish } from "./runtime/choose.ts";
import type { RuntimeWish } from "./runtime/choose.ts";
import { AuthorError } from "./runtime/runtime.ts";
import { checkScenario, faultFinder } from "./schema.ts";
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
  checkOptions("runScenario", options);
  const { runtime: wished = "auto", image = null, signal } = options;
  const entry = entryOf(scenario, options.id);
  const catalog = catalogOf(options);
  const { wish } = await settleWish(wished, [entry]);
  signal?.throwIfAborted();
  try {
    await using runtime = await openRuntime(wish, signal ? { signal } : {});
    signal?.throwIfAborted();
    const running = run({ catalog, scenarios: [entry], runtime, version, image, ...(signal ? { signal } : {}) });
    const whole = signal ? await unlessInterrupted(running, signal) : await running;
    signal?.throwIfAborted();
    const [report] = whole?.scenarios ?? [];
    if (!report) throw new Error(`Nothing was reported of "${entry.id}"`);
    return report;
  } catch (error) {
    // What is torn down in an interrupted run is no finding.
    signal?.throwIfAborted();
    throw error;
  }
};

const text = { type: "string", minLength: 1 };
const folders = { type: "array", items: text };
const common = { runtime: { enum: [...runtimeWishes] }, servers: folders, middlewares: folders };
const known = {
  runScenario: { ...common, id: text, image: text, signal: {} },
  suite: { ...common, name: text, timeoutMs: { type: "number", exclusiveMinimum: 0 } },
};

/** Nothing checks the types of who writes JavaScript. */
export const checkOptions = (of: keyof typeof known, options: object): void => {
  const fault = faultFinder({ type: "object", additionalProperties: false, properties: known[of] }, "the object")(options);
  if (fault) throw new AuthorError(`The options of ${of}: ${fault.sentence}`);
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
