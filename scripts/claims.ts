// `npm run claims`: runs every scenario with a real application in containers, with every version of the application, keeps what it showed in results/claims.json, and renders that into
// docs/claims.md.
//   --only <regex>       runs scenarios whose id matches, and adds them          --from report.json   takes a report in place of running
//   --render             only renders results/claims.json                        --check              only compares the page with it
import { inWords } from "../harness/progress.ts";
import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { openCatalog } from "../harness/catalog/catalog.ts";
import { packageRoot } from "../harness/catalog/package-root.ts";
import type { Catalog } from "../harness/catalog/catalog.ts";
import type { Entry } from "../harness/catalog/shelf.ts";
import type { Scenario } from "../harness/define.ts";
import type { Report } from "../harness/report/report.ts";
import { run } from "../harness/session/run.ts";
import { openRuntime } from "../harness/session/choose-runtime.ts";
import { partsOf } from "../harness/catalog/versions.ts";
import type { Figures } from "../bench/_application-figures.ts";
import type { CompressionFigures } from "../bench/_compression-figures.ts";
import { figureTables } from "./_application-figures.ts";
import { compressionTable } from "./_compression-table.ts";
import { merged, shownIn, table } from "./_claims.ts";
import type { Shown } from "./_claims.ts";
import { optionsOf } from "./_options.ts";

const say = (text: string): void => void process.stderr.write(`${text}\n`);

/** Applications share two cores with what measures them. */
const concurrency = 4;

/** The versions of the application to run a scenario with: all, or the one that it names; none for a scripted origin. */
const inEveryVersion = async (catalog: Catalog, entry: Entry<Scenario>): Promise<Entry<Scenario>[]> => {
  const scenario = await entry.load();
  const [origin, ...hops] = scenario.chain;
  const { server, version: named, variant } = partsOf(origin.app);
  const definition = await catalog.origins.find(server, `Scenario "${entry.id}"`).load();
  if (definition.kind !== "application") return [];
  const versions = Object.keys(definition.versions ?? {});
  if (named !== null || versions.length === 0) return [entry];
  return versions.map((version): Entry<Scenario> => ({
    ...entry,
    id: `${entry.id}@${version}`,
    load: () =>
      Promise.resolve({ ...scenario, chain: [{ app: `${server}@${version}${variant === "default" ? "" : `:${variant}`}` }, ...hops] }),
  }));
};

const measure = async (wanted: RegExp): Promise<Report> => {
  const catalog = openCatalog();
  const entries = catalog.scenarios.entries.filter(({ id }) => wanted.test(id));
  const scenarios = (await Promise.all(entries.map((entry) => inEveryVersion(catalog, entry)))).flat();
  await using runtime = await openRuntime("container", { onProgress: inWords(say) });
  // Awaited here, or the runtime would be gone before the run has begun.
  return await run({ catalog, scenarios, runtime, version: "", concurrency, onProgress: inWords(say) });
};

const yes = { type: "boolean", default: false } as const;
const { check, render, from, only } = optionsOf({
  options: { check: yes, render: yes, from: { type: "string" }, only: { type: "string" } },
}).values;
const file = join(packageRoot, "results/claims.json");
const page = join(packageRoot, "docs/claims.md");
const figuresRegion = /(<!-- figures -->\n)[\s\S]*?(<!-- \/figures -->)/;
const compressionRegion = /(<!-- compression -->\n)[\s\S]*?(<!-- \/compression -->)/;
const region = /(<!-- claims -->\n)[\s\S]*?(<!-- \/claims -->)/;

let shown = JSON.parse(await readFile(file, "utf8").catch(() => "[]")) as Shown[];
if (!check && !render) {
  const report = from === undefined ? await measure(new RegExp(only ?? "")) : (JSON.parse(await readFile(from, "utf8")) as Report);
  for (const { id, outcome, why } of report.scenarios)
    if (outcome !== "pass") say(`${outcome === "fail" ? "otherwise" : "not judged"}: ${id} (${outcome}: ${why})`);
  shown = merged(only === undefined && from === undefined ? [] : shown, shownIn(report));
  await writeFile(file, `${JSON.stringify(shown, null, 2)}\n`);
}
const figures = JSON.parse(await readFile(join(packageRoot, "results/applications.json"), "utf8")) as Figures;
const compression = JSON.parse(await readFile(join(packageRoot, "results/compression.json"), "utf8")) as CompressionFigures;
const before = await readFile(page, "utf8");
const after = before
  .replace(region, (_all, open: string, close: string) => `${open}\n${table(shown)}\n\n${close}`)
  .replace(compressionRegion, (_all, open: string, close: string) => `${open}\n${compressionTable(compression)}\n\n${close}`)
  .replace(figuresRegion, (_all, open: string, close: string) => `${open}\n${figureTables(figures)}\n\n${close}`);
if (!check) await writeFile(page, after);
else if (after !== before) {
  say("docs/claims.md differs from results/claims.json: npm run claims -- --render");
  process.exitCode = 1;
}
