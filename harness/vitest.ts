// For Vitest: matchers for the report of a scenario, and a folder of scenarios as tests.
import { basename } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { Entry } from "./catalog/shelf.ts";
import { select } from "./commands/select.ts";
import type { Scenario } from "./define.ts";
import { unlessInterrupted } from "./session/interruption.ts";
import { catalogOf, checkOptions } from "./library.ts";
import type { CatalogOptions } from "./library.ts";
import { matchers } from "./matchers.ts";
import type { HopwiseMatchers } from "./matchers.ts";
import { card } from "./report/card.ts";
import type { ScenarioReport } from "./report/report.ts";
import { run } from "./session/run.ts";
import { openRuntime, settleRuntime } from "./session/choose-runtime.ts";
import type { RuntimeChoice } from "./session/choose-runtime.ts";
import type { Runtime } from "./runtime/runtime.ts";
import { version } from "./version.ts";

declare module "vitest" {
  // oxlint-disable-next-line no-unused-vars -- an interface is merged only with the same parameters
  interface Matchers<R extends void | Promise<void> = void | Promise<void>, T = unknown> extends HopwiseMatchers<R> {}
}

expect.extend(matchers);

export interface SuiteOptions extends CatalogOptions {
  /** Where hops run. Default: auto, which uses containers if an engine answers. */
  runtime?: RuntimeChoice;
  /** The name of the suite. Default: the folder's name. */
  name?: string;
  /** Timeout of one scenario, including those before it. */
  timeoutMs?: number;
}

/** A test for each scenario of a folder, all in one run. Only selected tests run; scenarios that cannot run here are skipped. */
export const suite = (folder: string | URL, options: SuiteOptions = {}): void => {
  checkOptions("suite", options);
  const path = folder instanceof URL ? fileURLToPath(folder) : folder;
  const { timeoutMs = 300_000 } = options;
  describe(options.name ?? basename(path), async () => {
    const catalog = catalogOf(options);
    const scenarios = await select(catalog, { what: [path] });
    const titles = await Promise.all(scenarios.map(async ({ load }) => (await load()).title));
    const session = new Session();
    // oxlint-disable-next-line no-empty-pattern -- Vitest reads the names of fixtures from it
    beforeAll(async ({}, { tasks }) => {
      const wanted = scenarios.filter((_entry, index) => tasks[index]?.mode !== "skip");
      if (wanted.length > 0) await session.open(wanted, options);
    }, timeoutMs);
    for (const [index, { id }] of scenarios.entries())
      test(titles[index] ?? id, { timeout: timeoutMs }, async (context) => {
        const report = await session.reportOf(id);
        if (report.outcome === "unsupported") context.skip(report.why);
        if (report.outcome !== "pass") throw new Error(card(report, { width: 100, color: false }).text);
      });
    afterAll(() => session.close(), timeoutMs);
  });
};

/** One runtime, and its reports so far. */
class Session {
  readonly #reports = new Map<string, PromiseWithResolvers<ScenarioReport>>();
  readonly #abort = new AbortController();
  #runtime: Runtime | null = null;
  #running: Promise<void> = Promise.resolve();

  async open(scenarios: readonly Entry<Scenario>[], { runtime = "auto", ...options }: SuiteOptions): Promise<void> {
    for (const { id } of scenarios) this.#slot(id);
    const { runtimeChoice } = await settleRuntime(runtime, scenarios);
    this.#runtime = await openRuntime(runtimeChoice);
    this.#running = run({
      catalog: catalogOf(options),
      scenarios,
      runtime: this.#runtime,
      version,
      signal: this.#abort.signal,
      onScenario: (report) => this.#slot(report.id).resolve(report),
    }).then(
      () => {},
      (error: unknown) => {
        for (const { reject } of this.#reports.values()) reject(error);
      },
    );
  }

  reportOf(id: string): Promise<ScenarioReport> {
    return this.#slot(id).promise;
  }

  #slot(id: string): PromiseWithResolvers<ScenarioReport> {
    const known = this.#reports.get(id);
    if (known) return known;
    const slot = Promise.withResolvers<ScenarioReport>();
    // Avoids an unhandled rejection if the test is not reached.
    slot.promise.catch(() => {});
    this.#reports.set(id, slot);
    return slot;
  }

  async close(): Promise<void> {
    this.#abort.abort();
    await unlessInterrupted(this.#running, this.#abort.signal);
    await this.#runtime?.[Symbol.asyncDispose]();
    await this.#running;
  }
}
