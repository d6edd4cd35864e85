// `npm run matrix`: runs the catalogue, keeps what it showed in results/, and renders that into README.md.
//   --from report.json   takes a report (`--reporter json`) in place of running      --check   only compares README.md with results/
import { mkdir, readdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { openCatalog, packageRoot } from "../harness/catalog.ts";
import type { Catalog, Entry } from "../harness/catalog.ts";
import { planChain } from "../harness/chain.ts";
import type { Scenario } from "../harness/define.ts";
import type { Report } from "../harness/report/report.ts";
import { run } from "../harness/run.ts";
import { openRuntime } from "../harness/runtime/choose.ts";
import { partsOf } from "../harness/versions.ts";
import { fileOf, resultsOf } from "./_results.ts";
import type { Result } from "./_results.ts";
import { table } from "./_table.ts";

const say = (text: string): void => void process.stderr.write(`${text}\n`);

const folder = join(packageRoot, "results");
const readme = join(packageRoot, "README.md");
const region = /(<!-- matrix -->\n)[\s\S]*?(\n<!-- \/matrix -->)/;

/** A scenario of a server with several versions is played with each of them, unless it is about one. */
const inEveryVersion = async (catalog: Catalog, entry: Entry<Scenario>): Promise<Entry<Scenario>[]> => {
  const scenario = await entry.load();
  const [origin, hop, ...more] = scenario.chain;
  if (typeof hop !== "string" || more.length > 0) return [entry];
  const { server, version: named, variant } = partsOf(hop);
  if (named !== null && /^\d/.test(named)) return [entry];
  const definition = await catalog.servers.find(server, `Scenario "${entry.id}"`).load();
  const versions = definition.kind === "binary" ? Object.keys(definition.versions ?? {}) : [];
  if (versions.length === 0) return [entry];
  return versions.map((version): Entry<Scenario> => ({
    ...entry,
    id: `${entry.id}@${version}`,
    load: () => Promise.resolve({ ...scenario, chain: [origin, `${server}@${version}:${variant}`] }),
  }));
};

const measure = async (catalog: Catalog): Promise<Report> => {
  const scenarios = (await Promise.all(catalog.scenarios.entries.map((entry) => inEveryVersion(catalog, entry)))).flat();
  for (const { id, load } of scenarios) await planChain(catalog, id, await load());
  await using runtime = await openRuntime("auto", { onProgress: say });
  const { version } = JSON.parse(await readFile(join(packageRoot, "package.json"), "utf8")) as { version: string };
  // Awaited here, or the runtime would be gone before the run has begun.
  return await run({ catalog, scenarios, runtime, version, onProgress: say });
};

const keep = async (report: Report, catalog: Catalog): Promise<void> => {
  for (const { id, outcome, why } of report.scenarios)
    if (outcome !== "pass" && outcome !== "fail") say(`left out: ${id} (${outcome}: ${why})`);
  await mkdir(folder, { recursive: true });
  const major = report.machine.node.replace(/^v/, "").split(".")[0] ?? "";
  for (const result of await resultsOf(report, catalog))
    await writeFile(join(folder, fileOf(result, major)), `${JSON.stringify(result, null, 2)}\n`);
};

const kept = async (): Promise<Result[]> => {
  const names = (await readdir(folder)).filter((name) => /^[^@]+@.+\.json$/.test(name)).toSorted();
  return Promise.all(names.map(async (name) => JSON.parse(await readFile(join(folder, name), "utf8")) as Result));
};

const { check, from } = parseArgs({ options: { check: { type: "boolean" }, from: { type: "string" } } }).values;
if (!check) {
  const catalog = openCatalog();
  await keep(from === undefined ? await measure(catalog) : (JSON.parse(await readFile(from, "utf8")) as Report), catalog);
}
const before = await readFile(readme, "utf8");
if (!region.test(before)) {
  say("README.md has no <!-- matrix --> … <!-- /matrix -->");
  process.exit(2);
}
const rendered = table(await kept());
const after = before.replace(region, (_all, open: string, close: string) => `${open}${rendered}${close}`);
if (check && after !== before) {
  say('README.md is not what results/ gives: run "npm run matrix", or render again with "npm run matrix -- --from <report>"');
  process.exit(1);
}
if (!check) await writeFile(readme, after);
say(check ? "README.md is what results/ gives" : `README.md has ${rendered.split("\n").length} lines of matrix`);
