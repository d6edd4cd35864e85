// `npm run probe-table [-- part of a name]`: probes every mutant, every Node server and every middleware of the catalog, each behind its own URL,
// and compares what was found with what the lab knows of them. All together write results/probe.json and the table of docs/probe.md; a
// selection only prints its rows. `--render` only renders results/probe.json. Exits with 1 if a hop is accused of what it does not do.
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { packageRoot } from "../harness/catalog/package-root.ts";
import { fit } from "../harness/report/text.ts";
import { inPool } from "../test/e2e/_cli.ts";
import { lookAt } from "../test/e2e/probe/look.ts";
import { startOrigin } from "../test/e2e/probe/path.ts";
import { catalogSubjects, mutantSubjects } from "../test/e2e/probe/truth.ts";
import type { Subject } from "../test/e2e/probe/truth.ts";
import { probeMarkdown, scoreOf } from "./_probe-report.ts";
import type { ProbeRow, ProbeTable } from "./_probe-report.ts";

const resultFile = join(packageRoot, "results/probe.json");
const docsFile = join(packageRoot, "docs/probe.md");
const marks = /(<!-- table: node bench\/probe\.ts --render -->\n\n)[^]*?(\n\n<!-- \/table -->)/;

/** More disturb each other on two cores. */
const atOnce = 3;

const progress = (text: string): void => {
  if (process.stderr.isTTY) process.stderr.write(`\r\u001B[2K${fit(text, (process.stderr.columns || 80) - 1)}`);
};

const measure = async (subjects: readonly Subject[]): Promise<ProbeTable> => {
  await using origin = await startOrigin();
  const rows: ProbeRow[] = [];
  const failed: ProbeTable["failed"] = [];
  await inPool(atOnce, subjects, async ({ hop, ...subject }) => {
    progress(`${rows.length} of ${subjects.length}: ${subject.name}`);
    try {
      const row = { ...subject, ...(await lookAt(hop, origin.port)) };
      rows.push(row);
      if (subjects.length < 20) console.log(JSON.stringify(row));
    } catch (error) {
      failed.push({ name: subject.name, why: (error as Error).message });
    }
  });
  progress("");
  return { schema: "hopwise.probe-table/1", date: new Date().toISOString(), node: process.version, rows, failed };
};

const render = (): void => {
  const table = JSON.parse(readFileSync(resultFile, "utf8")) as ProbeTable;
  const page = readFileSync(docsFile, "utf8");
  if (!marks.test(page)) throw new Error(`${docsFile} has no place for the table: ${marks.source}`);
  writeFileSync(
    docsFile,
    page.replace(marks, (_, before: string, after: string) => `${before}${probeMarkdown(table)}${after}`),
  );
};

const { values, positionals } = parseArgs({ allowPositionals: true, options: { render: { type: "boolean" } } });
if (values.render) render();
else {
  const all = [...(await mutantSubjects()), ...catalogSubjects()];
  const subjects = all.filter(({ name }) => positionals.every((part) => name.includes(part)));
  const table = await measure(subjects);
  if (subjects.length === all.length) {
    writeFileSync(resultFile, `${JSON.stringify(table, null, 2)}\n`);
    render();
  }
  for (const row of table.rows)
    for (const side of ["outsider", "known"] as const) {
      const { missed, wrong } = scoreOf(row, side);
      if (missed.length > 0) console.log(`${row.name}, ${side}: missed ${missed.join(", ")}`);
      if (wrong.length > 0) console.log(`${row.name}, ${side}: wrongly ${wrong.join(", ")}: ${JSON.stringify(row[side])}`);
      if (wrong.length > 0) process.exitCode = 1;
    }
  for (const { name, why } of table.failed) console.log(`${name}: ${why}`);
}
