// For programs: runs one scenario, with a runtime that is opened before and closed after it.
import { openCatalog, scenarioFromFile } from "./catalog/catalog.ts";
import type { Catalog } from "./catalog/catalog.ts";
import type { Entry } from "./catalog/shelf.ts";
import type { Scenario } from "./define.ts";
import { unlessInterrupted } from "./session/interruption.ts";
import type { ScenarioReport } from "./report/report.ts";
import { run } from "./session/run.ts";
import { openRuntime, runtimeChoices, settleRuntime } from "./session/choose-runtime.ts";
import type { RuntimeChoice } from "./session/choose-runtime.ts";
import { AuthorError } from "./errors.ts";
import { checkScenario } from "./catalog/schema.ts";
import { faultFinder } from "./catalog/schema-faults.ts";
import { version } from "./version.ts";

export interface CatalogOptions {
  /** Folders with your own servers, one file each; the file name is the server's name in a chain. */
  servers?: string[];
  /** Folders with your own middlewares. */
  middlewares?: string[];
}

export interface RunScenarioOptions extends CatalogOptions {
  /** Where hops run. Default: auto, which uses containers if an engine answers. */
  runtime?: RuntimeChoice;
  /** Its id in the report. Default: the file name, or "scenario". */
  id?: string;
  /** Run every server from this image. */
  image?: string;
  /** Aborts the run: everything started is stopped, and the promise rejects. */
  signal?: AbortSignal;
}

/** Runs a scenario, or the file of one. Throws an AuthorError if it has a mistake, an EnvironmentError if nothing can run here. */
export const runScenario = async (scenario: Scenario | string, options: RunScenarioOptions = {}): Promise<ScenarioReport> => {
  checkOptions("runScenario", options);
  const { runtime: wanted = "auto", image = null, signal } = options;
  const entry = entryOf(scenario, options.id);
  const catalog = catalogOf(options);
  const { runtimeChoice } = await settleRuntime(wanted, [entry]);
  signal?.throwIfAborted();
  try {
    await using runtime = await openRuntime(runtimeChoice, signal ? { signal } : {});
    signal?.throwIfAborted();
    const running = run({ catalog, scenarios: [entry], runtime, version, image, ...(signal ? { signal } : {}) });
    const whole = signal ? await unlessInterrupted(running, signal) : await running;
    signal?.throwIfAborted();
    const [report] = whole?.scenarios ?? [];
    if (!report) throw new Error(`There is no report for "${entry.id}"`);
    return report;
  } catch (error) {
    // Hops that are stopped by an interruption are no finding.
    signal?.throwIfAborted();
    throw error;
  }
};

const text = { type: "string", minLength: 1 };
const folders = { type: "array", items: text };
const common = { runtime: { enum: [...runtimeChoices] }, servers: folders, middlewares: folders };
const known = {
  runScenario: { ...common, id: text, image: text, signal: {} },
  suite: { ...common, name: text, timeoutMs: { type: "number", exclusiveMinimum: 0 } },
};

/** JavaScript callers have no type checks. */
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
