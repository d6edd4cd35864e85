// `npm run matrix`: runs the catalog, saves the results in results/, and renders them into docs/matrix.md and docs/images/matrix.svg.
//   --only <regex>       runs scenarios whose id matches, and adds them to results/
//   --from report.json   reads a report (`--reporter json`) instead of running
//   --render             only renders results/                                       --check   only compares the pages with results/
//   --reporter html=matrix.html   writes the matrix as a page in one file, too
import { inWords } from "../harness/progress.ts";
import { existsSync } from "node:fs";
import { mkdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { openCatalog } from "../harness/catalog/catalog.ts";
import { packageRoot } from "../harness/catalog/package-root.ts";
import type { Catalog } from "../harness/catalog/catalog.ts";
import type { Entry } from "../harness/catalog/shelf.ts";
import { planChain } from "../harness/session/chain.ts";
import type { Scenario } from "../harness/define.ts";
import type { Report } from "../harness/report/report.ts";
import { run } from "../harness/session/run.ts";
import { openRuntime } from "../harness/session/choose-runtime.ts";
import { partsOf } from "../harness/catalog/versions.ts";
import { clientsTable } from "./_clients-table.ts";
import { canIStream } from "./_can-i-stream.ts";
import { keptResults } from "./_kept.ts";
import { matrixPage } from "./_matrix-page.ts";
import { matrixPicture } from "./_matrix-picture.ts";
import { descriptionsOf, recordedTraces } from "./_recorded.ts";
import { added, fileOf, resultsOf } from "./_results.ts";
import type { Result } from "./_results.ts";
import { asksOf } from "./_asks.ts";
import { summary } from "./_summary.ts";
import type { Asks } from "./_summary.ts";
import { dates, table } from "./_table.ts";
import { optionsOf } from "./_options.ts";

const say = (text: string): void => void process.stderr.write(`${text}\n`);

const folder = join(packageRoot, "results");
const region = /(<!-- matrix -->\n)[\s\S]*?(<!-- \/matrix -->)/;

/** A scenario of a server with several versions runs with each of them, unless it names one. */
const inEveryVersion = async (catalog: Catalog, entry: Entry<Scenario>): Promise<Entry<Scenario>[]> => {
  const scenario = await entry.load();
  const [origin, hop, ...more] = scenario.chain;
  // What an application does is no server's row: docs/claims.md has it.
  if ((await catalog.origins.find(partsOf(origin.app).server, `Scenario "${entry.id}"`).load()).kind === "application") return [];
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

const measure = async (catalog: Catalog, wanted: RegExp): Promise<Report> => {
  const entries = catalog.scenarios.entries.filter(({ id }) => wanted.test(id));
  const scenarios = (await Promise.all(entries.map((entry) => inEveryVersion(catalog, entry)))).flat();
  for (const { id, load } of scenarios) await planChain(catalog, id, await load());
  await using runtime = await openRuntime("auto", { onProgress: inWords(say) });
  const { version } = JSON.parse(await readFile(join(packageRoot, "package.json"), "utf8")) as { version: string };
  // Awaited here, otherwise the runtime would close before the run begins.
  return await run({ catalog, scenarios, runtime, version, onProgress: inWords(say) });
};

const keep = async (report: Report, catalog: Catalog, adds: boolean): Promise<void> => {
  for (const { id, outcome, why } of report.scenarios)
    if (outcome !== "pass" && outcome !== "fail") say(`not judged: ${id} (${outcome}: ${why})`);
  await mkdir(folder, { recursive: true });
  const major = report.machine.node.replace(/^v/, "").split(".")[0] ?? "";
  for (const result of await resultsOf(report, catalog)) {
    const file = join(folder, fileOf(result, major));
    const whole = adds ? added(result, await earlier(file)) : result;
    await writeFile(file, `${JSON.stringify(whole, null, 2)}\n`);
  }
};

const earlier = async (file: string): Promise<Result | null> =>
  existsSync(file) ? (JSON.parse(await readFile(file, "utf8")) as Result) : null;

/** The answers in default configurations, each with a link to its scenario, and the results of every variant. */
const wholeMatrix = (results: readonly Result[], asked: Asks): string =>
  [
    `Measured by \`npm run matrix\`, ${dates(results)}.`,
    "## Default configurations",
    summary(results, asked),
    "## All variants",
    table(results),
    "## By what the clients speak",
    clientsTable(results),
  ].join("\n\n");

/** False: the page differs. */
const put = async (page: string, text: string, check: boolean): Promise<boolean> => {
  const file = join(packageRoot, page);
  const before = await readFile(file, "utf8");
  if (!region.test(before)) throw new Error(`${page} has no <!-- matrix --> … <!-- /matrix -->`);
  const after = before.replace(region, (_all, open: string, close: string) => `${open}${text}\n${close}`);
  if (!check) await writeFile(file, after);
  return !check || after === before;
};

const yes = { type: "boolean", default: false } as const;
const options = { check: yes, render: yes, from: { type: "string" }, only: { type: "string" }, reporter: { type: "string" } } as const;
const { check, render, from, only, reporter } = optionsOf({ options }).values;
const htmlFile = reporter === undefined ? null : (/^html=(.+)$/.exec(reporter)?.[1] ?? null);
if (reporter !== undefined && htmlFile === null) throw new Error(`--reporter ${reporter} is unknown: use html=matrix.html`);
const catalog = openCatalog();
if (!check && !render) {
  const report = from === undefined ? await measure(catalog, new RegExp(only ?? "")) : (JSON.parse(await readFile(from, "utf8")) as Report);
  await keep(report, catalog, only !== undefined);
}
const results = await keptResults(folder);
const asked = await asksOf(catalog);
const pages = { "docs/matrix.md": wholeMatrix(results, asked) };
const picture = "docs/images/matrix.svg";
const picturePut = async (drawn: string): Promise<boolean> => {
  const file = join(packageRoot, picture);
  if (!check) await writeFile(file, drawn);
  return !check || (await readFile(file, "utf8")) === drawn;
};
if (htmlFile !== null) {
  const [described, traces] = await Promise.all([descriptionsOf(catalog), recordedTraces()]);
  await writeFile(htmlFile, matrixPage({ data: canIStream(results, asked), described, traces }));
  say(`${htmlFile} was written from results/`);
}
for (const [name, isSame] of [
  ...(await Promise.all(Object.entries(pages).map(async ([page, text]) => [page, await put(page, text, check)] as const))),
  [picture, await picturePut(matrixPicture(canIStream(results, asked)))] as const,
]) {
  if (isSame) say(`${name} ${check ? "matches" : "was written from"} results/`);
  else {
    say(`${name} differs from results/: npm run matrix -- --render`);
    process.exitCode = 1;
  }
}
