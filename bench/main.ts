// `npm run bench [part…]`: the cost of measuring, as a table and as JSON. All parts together write results/bench.json, a selection writes
// out/bench.json. `--render` only renders the table of results/bench.json into docs/bench.md.
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { availableParallelism, cpus, platform, release, totalmem } from "node:os";
import { dirname, join } from "node:path";
import { packageRoot } from "../harness/catalog/package-root.ts";
import { nearestTo } from "../harness/catalog/shelf.ts";
import { fit } from "../harness/report/text.ts";
import { busyShareDuring } from "./_cpu.ts";
import type { PartName } from "./_parts.ts";
import { isPart, partNames, parts, usesEngine } from "./_parts.ts";
import type { BenchReport } from "./_report.ts";
import { isDisturbed, markdown, percent, table } from "./_report.ts";
import { runPart } from "./_run-part.ts";
import { optionsOf } from "../scripts/_options.ts";

const resultFile = join(packageRoot, "results/bench.json");
const partialFile = join(packageRoot, "out/bench.json");
const docsFile = join(packageRoot, "docs/bench.md");
const markers = { from: "<!-- figures: node bench/main.ts --render -->", to: "<!-- /figures -->" };
const exitCode = { ok: 0, failed: 1, authorError: 2 } as const;

const usage = `npm run bench [part…]            measures; parts: ${partNames.join(", ")}
node bench/main.ts --render      puts results/bench.json into docs/bench.md`;

/** On a terminal, one line that is overwritten; otherwise nothing. */
const progress = (text: string): void => {
  if (process.stderr.isTTY) process.stderr.write(`\r\u001B[2K${fit(text, (process.stderr.columns || 80) - 1)}`);
};

const main = async (): Promise<number> => {
  const { values, positionals } = optionsOf({ allowPositionals: true, options: { render: { type: "boolean" } } }, usage);
  if (values.render) return render();
  const unknown = positionals.find((word) => !isPart(word));
  if (unknown !== undefined) return say(`There is no part "${unknown}"; ${nearestTo(unknown, partNames)}\n${usage}`, exitCode.authorError);
  const wanted = partNames.filter((name) => positionals.length === 0 || positionals.includes(name));
  const report = await measure(wanted);
  const file = wanted.length === partNames.length ? resultFile : partialFile;
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, `${JSON.stringify(report, null, 2)}\n`);
  console.log(table(report));
  for (const { part, why } of report.failed) console.log(`\n${part}: ${why}`);
  if (isDisturbed(report))
    console.log(`\nDisturbed: other processes kept ${percent(report.machine.busyShare ?? 0)} of the processors busy.`);
  return report.failed.length > 0 ? exitCode.failed : exitCode.ok;
};

const measure = async (wanted: readonly PartName[]): Promise<BenchReport> => {
  const report: BenchReport = {
    schema: "hopwise.bench/1",
    date: new Date().toISOString(),
    node: process.version,
    machine: {
      platform: platform(),
      kernel: release(),
      cpu: cpus()[0]?.model.trim() ?? "unknown",
      cores: availableParallelism(),
      memoryGiB: Math.round(totalmem() / 1024 ** 3),
      busyShare: null,
    },
    figures: [],
    skipped: [],
    failed: [],
  };
  for (const [index, part] of wanted.entries()) {
    const title = `${part} (${index + 1} of ${wanted.length}): ${parts[part].title}`;
    progress(title);
    const { result, busyShare } = await busyShareDuring(() => runPart(part, (text) => progress(`${title}: ${text}`)));
    if (busyShare !== null && !usesEngine(part)) report.machine.busyShare = Math.max(busyShare, report.machine.busyShare ?? 0);
    if ("skipped" in result) report.skipped.push({ part, why: result.skipped });
    else if ("failed" in result) report.failed.push({ part, why: result.failed });
    else report.figures.push(...result.figures.map((figure) => ({ part, ...figure, value: rounded(figure.value) })));
  }
  progress("");
  return report;
};

/** No figure is more precise than a microsecond. */
const rounded = (value: number): number => Math.round(value * 1000) / 1000;

const render = (): number => {
  const report = JSON.parse(readFileSync(resultFile, "utf8")) as BenchReport;
  const text = readFileSync(docsFile, "utf8");
  const [before, rest] = text.split(markers.from);
  const [, after] = rest?.split(markers.to) ?? [];
  if (before === undefined || after === undefined)
    throw new Error(`${docsFile} has no place for the figures between ${markers.from} and ${markers.to}`);
  writeFileSync(docsFile, `${before}${markers.from}\n\n${markdown(report)}\n\n${markers.to}${after}`);
  return exitCode.ok;
};

const say = (text: string, code: number): number => {
  console[code === exitCode.ok ? "log" : "error"](text);
  return code;
};

process.exitCode = await main();
