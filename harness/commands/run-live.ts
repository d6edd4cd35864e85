// Runs the selected scenarios with progress output and traces; after Ctrl-C, reports what is done.
import { step } from "../progress.ts";
import { writeFile } from "node:fs/promises";
import { availableParallelism, platform } from "node:os";
import { join } from "node:path";
import type { Application } from "../session/application.ts";
import type { Catalog } from "../catalog/catalog.ts";
import type { Entry } from "../catalog/shelf.ts";
import type { Scenario } from "../define.ts";
import { unlessInterrupted } from "../session/interruption.ts";
import type { Trace } from "../model/trace.ts";
import { besideBaseline } from "../report/baseline.ts";
import type { Baseline } from "../report/baseline.ts";
import { live } from "../report/live.ts";
import type { Report, ScenarioReport, Shard } from "../report/report.ts";
import { run } from "../session/run.ts";
import { openRuntime } from "../session/choose-runtime.ts";
import type { RuntimeChoice } from "../session/choose-runtime.ts";
import type { RunFlags } from "./run-flags.ts";
import type { Screen } from "./screen.ts";

export interface RunPlan {
  catalog: Catalog;
  scenarios: readonly Entry<Scenario>[];
  runtimeChoice: RuntimeChoice;
  flags: RunFlags;
  shard: Shard | null;
  baseline: Baseline | null;
  application: Application | null;
}

export const runAll = async (
  { catalog, scenarios, runtimeChoice, flags, shard, baseline, application }: RunPlan,
  screen: Screen,
): Promise<Report> => {
  const { signal, version } = screen;
  const startedAt = new Date();
  const status = live(screen.err, { total: scenarios.length });
  const done: ScenarioReport[] = [];
  const saving: Promise<void>[] = [];
  let over = false;
  const compared = (report: ScenarioReport): ScenarioReport => (baseline ? besideBaseline(report, baseline) : report);
  const onScenario = (judged: ScenarioReport, trace: Trace | null): void => {
    // Hops that an interruption stops are no finding.
    if (over) return;
    const report = compared(judged);
    done.push(report);
    status.scenario(report);
    if (trace && flags.saveTraces !== undefined) saving.push(writeFile(join(flags.saveTraces, `${report.id}.json`), JSON.stringify(trace)));
  };
  let whole: Report | null = null;
  let runtimeName: Report["runtime"] = runtimeChoice === "container" ? "container" : "process";
  try {
    status.progress(step("opening the runtime"));
    await using runtime = await openRuntime(runtimeChoice, { onProgress: status.progress, signal });
    runtimeName = runtime.name;
    if (!signal.aborted) {
      const running = run({
        catalog,
        scenarios,
        runtime,
        version,
        image: flags.image ?? null,
        timeScale: flags.timeScale ?? 1,
        ...(application ? { application } : {}),
        signal,
        onProgress: status.progress,
        onScenario,
        ...(flags.concurrency === undefined ? {} : { concurrency: flags.concurrency }),
      });
      whole = await unlessInterrupted(running, signal).finally(() => {
        over = true;
      });
    }
  } catch (error) {
    // Ctrl-C also reaches the hops and the lab, so errors after it are expected.
    if (!signal.aborted) throw error;
  } finally {
    status.clear();
    await Promise.all(saving);
  }
  if (whole) return { ...whole, shard, scenarios: whole.scenarios.map(compared) };
  return interruptedReport({ version, runtime: runtimeName, timeScale: flags.timeScale ?? 1, startedAt, shard, scenarios: done });
};

const interruptedReport = ({
  version,
  startedAt,
  ...known
}: Pick<Report, "runtime" | "timeScale" | "shard" | "scenarios"> & { version: string; startedAt: Date }): Report => ({
  schema: "hopwise.report/1",
  tool: { name: "hopwise", version },
  machine: { platform: platform(), cores: availableParallelism(), node: process.version, labNode: process.version },
  versions: {},
  control: null,
  startedAt: startedAt.toISOString(),
  tookMs: Date.now() - startedAt.getTime(),
  interrupted: true,
  parts: [],
  ...known,
});
