// `hopwise run`: selects scenarios, runs them, reports. Everything it starts is stopped before it returns.
import { applicationOf } from "../session/application.ts";
import { openCatalog } from "../catalog/catalog.ts";
import type { Catalog } from "../catalog/catalog.ts";
import type { Entry } from "../catalog/shelf.ts";
import { planChain } from "../session/chain.ts";
import type { Scenario } from "../define.ts";
import { settleRuntime } from "../session/choose-runtime.ts";
import { AuthorError } from "../errors.ts";
import type { ServerPlan } from "../runtime/runtime.ts";
import { atTimeScale } from "../session/time-scale.ts";
import { kindsThat } from "../trials/index.ts";
import { exitCodeOf } from "./exit-code.ts";
import { outputsOf, prepareFolders, publish } from "./outputs.ts";
import { readBaseline } from "./read-report.ts";
import { runtimeChoiceOf, scenariosOf } from "./run-flags.ts";
import type { RunFlags } from "./run-flags.ts";
import { runAll } from "./run-live.ts";
import { openPage, withPage } from "./open-page.ts";
import type { Screen } from "./screen.ts";
import { parseShard, shardOf } from "./shard.ts";

export const runCommand = async (what: readonly string[], flags: RunFlags, screen: Screen): Promise<number> => {
  const outputs = await withPage(outputsOf(flags.reporter), flags);
  const wanted = runtimeChoiceOf(flags);
  const application = flags.app === undefined ? null : applicationOf(flags.app, 1000 * (flags.watchSeconds ?? 10));
  const catalog = openCatalog();
  const shard = flags.shard === undefined ? null : parseShard(flags.shard);
  const baseline = flags.baseline === undefined ? null : await readBaseline(flags.baseline);
  const selected = await scenariosOf(catalog, what, flags);
  const scenarios = shard ? shardOf(selected, shard) : selected;
  // Decided from all shards, so that they all use the same runtime.
  const { runtimeChoice, because } = await settleRuntime(wanted, selected);
  await refuseUnusedFlags(catalog, scenarios, flags);
  await prepareFolders(outputs, ...(flags.saveTraces === undefined ? [] : [flags.saveTraces]));
  if (because !== null) screen.err.write(`hopwise: ${because}\n`);
  const report = await runAll({ catalog, scenarios, runtimeChoice, flags, shard, baseline, application }, screen);
  await publish(outputs, report, screen);
  await openPage(outputs, flags, screen);
  return exitCodeOf(report, { allowUnsupported: flags.allowUnsupported ?? false });
};

/** An author's mistake is reported before anything starts. */
const refuseUnusedFlags = async (catalog: Catalog, scenarios: readonly Entry<Scenario>[], flags: RunFlags): Promise<void> => {
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
      `--time-scale ${flags.timeScale} has no effect on these scenarios: it needs a trial that waits for a timeout (${kindsThat(({ waitMs }) => waitMs).join(", ")}) and a chain whose server clocks can all run faster; see docs/time-compression.md`,
    );
  if (flags.image !== undefined && !servers.some(({ kind }) => kind === "binary"))
    throw new AuthorError(
      `--image ${flags.image} has no effect on these scenarios: none of their servers runs from an image; see npx hopwise list servers`,
    );
};
