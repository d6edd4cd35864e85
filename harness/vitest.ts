// For Vitest: matchers for the report of a scenario, and a folder of scenarios as tests.
import { basename } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { Entry } from "./catalog.ts";
import { select } from "./commands/select.ts";
import type { Scenario } from "./define.ts";
import { unlessInterrupted } from "./interruption.ts";
import { catalogOf, checkOptions } from "./library.ts";
import type { CatalogOptions } from "./library.ts";
import { matchers } from "./matchers.ts";
import type { HopwiseMatchers } from "./matchers.ts";
import { card } from "./report/card.ts";
import type { ScenarioReport } from "./report/report.ts";
import { run } from "./run.ts";
import { openRuntime, settleWish } from "./runtime/choose.ts";
import type { RuntimeWish } from "./runtime/choose.ts";
import type { Runtime } from "./runtime/runtime.ts";
import { version } from "./version.ts";

declare module "vitest" {
  // oxlint-disable-next-line no-unused-vars -- an interface is merged only with the same parameters
  interface Matchers<R extends void | Promise<void> = void | Promise<void>, T = unknown> extends HopwiseMatchers<R> {}
}

expect.extend(matchers);

export interface SuiteOptions extends CatalogOptions {
  /** Where hops run; auto, which is the default, takes containers where an engine answers. */
  runtime?: RuntimeWish;
  /** What the tests stand under; the default is the folder's name. */
  name?: string;
  /** How long one scenario may take, those before it included. */
  timeoutMs?: number;
}

/** A test for each scenario of a folder, all played in one run: what is asked for is played, and what cannot run here is skipped. */
export const suite = (folder: string | URL, options: SuiteOptions = {}): void => {
  checkOptions("suite", options);
  const path = folder instanceof URL ? fileURLToPath(folder) : folder;
  const { timeoutMs = 300_000 } = options;
  describe(options.name ?? basename(path), async () => {
    const catalog = catalogOf(options);
    const scenarios = await select(catalog, { what: [path] });
    const titles = await Promise.all(scenarios.map(async ({ load }) => (await load()).title));
    const stage = new Stage();
    // oxlint-disable-next-line no-empty-pattern -- Vitest reads the names of fixtures from it
    beforeAll(async ({}, { tasks }) => {
      const wanted = scenarios.filter((_entry, index) => tasks[index]?.mode !== "skip");
      if (wanted.length > 0) await stage.open(wanted, options);
    }, timeoutMs);
    for (const [index, { id }] of scenarios.entries())
      test(titles[index] ?? id, { timeout: timeoutMs }, async (context) => {
        const report = await stage.reportOf(id);
        if (report.outcome === "unsupported") context.skip(report.why);
        if (report.outcome !== "pass") throw new Error(card(report, { width: 100, colour: false }).text);
      });
    afterAll(() => stage.close(), timeoutMs);
  });
};

/** One runtime, and what it has reported so far. */
class Stage {
  readonly #reports = new Map<string, PromiseWithResolvers<ScenarioReport>>();
  readonly #abort = new AbortController();
  #runtime: Runtime | null = null;
  #running: Promise<void> = Promise.resolve();

  async open(scenarios: readonly Entry<Scenario>[], { runtime = "auto", ...options }: SuiteOptions): Promise<void> {
    for (const { id } of scenarios) this.#slot(id);
    const { wish } = await settleWish(runtime, scenarios);
    this.#runtime = await openRuntime(wish);
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
    // A test that is not reached must not make an unhandled rejection of it.
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
