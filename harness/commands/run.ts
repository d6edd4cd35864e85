// `hopwise run`: selects, opens a runtime, runs, reports. Whatever was started is stopped before it returns.
import { writeFile } from "node:fs/promises";
import { availableParallelism, platform } from "node:os";
import { join } from "node:path";
import { applicationOf } from "../application.ts";
import type { Application } from "../application.ts";
import { openCatalog } from "../catalog.ts";
import type { Catalog, Entry } from "../catalog.ts";
import { commandPrefix, planChain } from "../chain.ts";
import type { Scenario } from "../define.ts";
import { unlessInterrupted } from "../interruption.ts";
import type { Trace } from "../model/trace.ts";
import { besideBaseline } from "../report/baseline.ts";
import type { Baseline } from "../report/baseline.ts";
import { live } from "../report/live.ts";
import type { Report, ScenarioReport, Shard } from "../report/report.ts";
import { run } from "../run.ts";
import { openRuntime, settleWish } from "../runtime/choose.ts";
import type { RuntimeWish } from "../runtime/choose.ts";
import { AuthorError } from "../runtime/runtime.ts";
import type { ServerPlan } from "../runtime/runtime.ts";
import { atTimeScale } from "../time-scale.ts";
import { exitCodeOf } from "./exit-code.ts";
import { outputsOf, prepareFolders, publish } from "./outputs.ts";
import { readBaseline } from "./read-report.ts";
import type { Screen } from "./screen.ts";
import { matching, select } from "./select.ts";
import { parseShard, shardOf } from "./shard.ts";
import { standardTrials, watchingTrials } from "./standard-trials.ts";

export interface RunFlags {
  runtime: RuntimeWish;
  reporter: string[];
  grep?: string;
  hop?: string;
  app?: string;
  through?: string[];
  watchSeconds?: number;
  image?: string;
  timeScale?: number;
  atOnce?: number;
  saveTraces?: string;
  allowUnsupported?: boolean;
  showcase?: boolean;
  shard?: string;
  baseline?: string;
}

export const runCommand = async (what: readonly string[], flags: RunFlags, screen: Screen): Promise<number> => {
  const outputs = outputsOf(flags.reporter);
  const wished = wishOf(flags);
  const application = flags.app === undefined ? null : applicationOf(flags.app, 1000 * (flags.watchSeconds ?? 10));
  const catalog = openCatalog();
  const shard = flags.shard === undefined ? null : parseShard(flags.shard);
  const baseline = flags.baseline === undefined ? null : await readBaseline(flags.baseline);
  const selected = await scenariosOf(catalog, what, flags);
  const scenarios = shard ? shardOf(selected, shard) : selected;
  // Of all shards, since what one of them ran in is what the others must run in.
  const { wish, because } = await settleWish(wished, selected);
  // An author's mistake is told before anything is started.
  const servers: ServerPlan[] = [];
  let scaled = false;
  for (const { id, load } of scenarios) {
    const scenario = await load();
    const chain = atTimeScale(await planChain(catalog, id, scenario, flags.image ?? null), id, scenario, flags.timeScale ?? 1);
    servers.push(...chain.servers);
    scaled ||= chain.timeScale !== undefined;
  }
  if (flags.timeScale !== undefined && flags.timeScale > 1 && !scaled)
    throw new AuthorError(
      `--time-scale ${flags.timeScale} would not be used: it is for trials that wait for a limit (silence, first-byte-wait), through chains of which every server's clock can be run faster (docs/time-compression.md)`,
    );
  if (flags.image !== undefined && !servers.some(({ kind }) => kind === "binary"))
    throw new AuthorError(`--image ${flags.image} would not be used: no server in these chains runs from an image (hopwise list servers)`);
  await prepareFolders(outputs, ...(flags.saveTraces === undefined ? [] : [flags.saveTraces]));
  if (because !== null) screen.err.write(`hopwise: ${because}\n`);
  const report = await play({ catalog, scenarios, wish, flags, shard, baseline, application }, screen);
  await publish(outputs, report, screen);
  return exitCodeOf(report, { allowUnsupported: flags.allowUnsupported ?? false });
};

/** A command runs on this machine, an image in a container: what was not said follows from that. */
const wishOf = ({ runtime, hop, app, through, watchSeconds, image, timeScale = 1 }: RunFlags): RuntimeWish => {
  if (app === undefined && (through !== undefined || watchSeconds !== undefined))
    throw new AuthorError(
      `--${through === undefined ? "watch-seconds" : "through"} is for --app <url>, the address of your own application`,
    );
  if (app !== undefined && (runtime === "container" || image !== undefined || timeScale > 1))
    throw new AuthorError(
      `--app needs hops on this machine: ${image !== undefined ? "--image" : timeScale > 1 ? "--time-scale" : "--runtime container"} runs them on a network without a route out, where your application cannot be reached`,
    );
  if (app !== undefined) return "process";
  if (hop !== undefined && image !== undefined)
    throw new AuthorError("--hop runs a command on this machine and --image a server in a container; give one of the two");
  if (hop !== undefined && runtime === "container")
    throw new AuthorError("--hop runs a command on this machine, which a container cannot do; use --runtime process");
  if (image !== undefined && runtime === "process") throw new AuthorError("--image needs containers; use --runtime container");
  if (timeScale > 1 && (hop !== undefined || runtime === "process"))
    throw new AuthorError("--time-scale needs containers, in which a server's clock can be run faster; use --runtime container");
  return hop !== undefined ? "process" : image !== undefined || timeScale > 1 ? "container" : runtime;
};

const scenariosOf = async (catalog: Catalog, what: readonly string[], flags: RunFlags): Promise<Entry<Scenario>[]> => {
  const { hop, grep, showcase, app } = flags;
  if (app !== undefined) return applicationScenarios(catalog, what, flags);
  if (hop === undefined) return select(catalog, { what, grep, showcase });
  if (hop.trim() === "")
    throw new AuthorError('--hop needs a command that listens on PORT and forwards to UPSTREAM, e.g. --hop "node my-proxy.js"');
  if (what.length > 0 || showcase)
    throw new AuthorError(
      `--hop plays the standard trials on origin → your command → client; it cannot be combined with ${what.length > 0 ? "named scenarios" : "--showcase"}`,
    );
  const trials = standardTrials(hop);
  return grep === undefined ? trials : matching(trials, grep);
};

/** Its hops are named on the command line, or are those of scenarios. */
const applicationScenarios = async (
  catalog: Catalog,
  what: readonly string[],
  { hop, through = [], grep, showcase }: RunFlags,
): Promise<Entry<Scenario>[]> => {
  const ways = [hop !== undefined && "--hop", through.length > 0 && "--through", (what.length > 0 || showcase) && "scenarios"].filter(
    Boolean,
  );
  if (ways.length !== 1)
    throw new AuthorError(
      `--app needs hops to look at, ${ways.length === 0 ? "and none are given" : `and ${ways.join(" and ")} are given`}: --hop "node my-proxy.js", or --through nginx:gzip once for each in the direction of the bytes, or scenarios, whose hops are taken`,
    );
  if (what.length > 0 || showcase) return select(catalog, { what, grep, showcase });
  if ([hop, ...through].some((one) => one?.trim() === "")) throw new AuthorError(`${hop === undefined ? "--through" : "--hop"} is empty`);
  const trials = watchingTrials(hop === undefined ? through : [`${commandPrefix}${hop}`]);
  return grep === undefined ? trials : matching(trials, grep);
};

interface Play {
  catalog: Catalog;
  scenarios: readonly Entry<Scenario>[];
  wish: RuntimeWish;
  flags: RunFlags;
  shard: Shard | null;
  baseline: Baseline | null;
  application: Application | null;
}

const play = async ({ catalog, scenarios, wish, flags, shard, baseline, application }: Play, screen: Screen): Promise<Report> => {
  const { signal, version } = screen;
  const startedAt = new Date();
  const status = live(screen.err);
  const done: ScenarioReport[] = [];
  const saving: Promise<void>[] = [];
  let over = false;
  const compared = (report: ScenarioReport): ScenarioReport => (baseline ? besideBaseline(report, baseline) : report);
  const onScenario = (judged: ScenarioReport, trace: Trace | null): void => {
    // What is torn down in an interrupted run is no finding.
    if (over) return;
    const report = compared(judged);
    done.push(report);
    status.scenario(report);
    if (trace && flags.saveTraces !== undefined) saving.push(writeFile(join(flags.saveTraces, `${report.id}.json`), JSON.stringify(trace)));
  };
  let whole: Report | null = null;
  let runtimeName: Report["runtime"] = wish === "container" ? "container" : "process";
  try {
    status.progress("opening the runtime");
    await using runtime = await openRuntime(wish, { onProgress: status.progress, signal });
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
        ...(flags.atOnce === undefined ? {} : { atOnce: flags.atOnce }),
      });
      whole = await unlessInterrupted(running, signal).finally(() => {
        over = true;
      });
    }
  } catch (error) {
    // Ctrl-C reaches the hops and the lab too: that they are gone is no fault then.
    if (!signal.aborted) throw error;
  } finally {
    status.clear();
    await Promise.all(saving);
  }
  if (whole) return { ...whole, shard, scenarios: whole.scenarios.map(compared) };
  return {
    schema: "hopwise.report/1",
    tool: { name: "hopwise", version },
    runtime: runtimeName,
    machine: { platform: platform(), cores: availableParallelism(), node: process.version, labNode: process.version },
    versions: {},
    timeScale: flags.timeScale ?? 1,
    control: null,
    startedAt: startedAt.toISOString(),
    tookMs: Date.now() - startedAt.getTime(),
    interrupted: true,
    shard,
    parts: [],
    scenarios: done,
  };
};
