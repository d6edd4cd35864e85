// `npm run probe-table [-- part of a name]`: probes every mutant, every server and every middleware of the catalog, each behind its own URL, and
// compares what was found with what the lab knows of them: Node servers as processes, all others in containers. Writes results/probe.json and
// the table of docs/probe.md; `--only <regex>` adds some to what is saved, a part of a name only prints rows, `--render` only renders.
// Exits with 1 if a hop is accused of what it does not do.
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { packageRoot } from "../harness/catalog/package-root.ts";
import { fit } from "../harness/report/text.ts";
import { inPool } from "../test/e2e/_cli.ts";
import { EnvironmentError } from "../harness/errors.ts";
import { askForEngine } from "../harness/session/choose-runtime.ts";
import { hostForContainers, openChain, openContainerSite } from "../test/browser/chain.ts";
import { lookAt, lookThrough } from "../test/e2e/probe/look.ts";
import type { Look } from "../test/e2e/probe/look.ts";
import { startOrigin } from "../test/e2e/probe/path.ts";
import { catalogSubjects, containerSubjects, mutantSubjects } from "../test/e2e/probe/truth.ts";
import type { Subject } from "../test/e2e/probe/truth.ts";
import { probeMarkdown, scoreOf } from "./_probe-report.ts";
import type { ProbeRow, ProbeTable } from "./_probe-report.ts";
import { optionsOf } from "../scripts/_options.ts";

const resultFile = join(packageRoot, "results/probe.json");
const docsFile = join(packageRoot, "docs/probe.md");
const marks = /(<!-- table: node bench\/probe\.ts --render -->\n\n)[^]*?(\n\n<!-- \/table -->)/;

/** More disturb each other on two cores: of processes, the host is Node too. */
const atOnce = { processes: 3, containers: 5 };

const progress = (text: string): void => {
  if (process.stderr.isTTY) process.stderr.write(`\r\u001B[2K${fit(text, (process.stderr.columns || 80) - 1)}`);
};

/** Starts what hops of one kind share, at the first of them. */
const lookers = (opened: AsyncDisposableStack) => {
  const near = once(async () => opened.use(await startOrigin()));
  const far = once(async () => {
    const engine = await askForEngine();
    if (engine === null) throw new EnvironmentError("No container engine answers");
    const host = await hostForContainers(engine);
    return { engine, address: { host, port: opened.use(await startOrigin(host)).port } };
  });
  return async (hop: Subject["hop"]): Promise<Look> => {
    if (typeof hop !== "string") return lookAt(hop, (await near()).port);
    const { engine, address } = await far();
    await using site = await openContainerSite(engine);
    await using chain = await openChain(site, [hop], address);
    // The chain is stopped when it is over, and not before.
    return await lookThrough(chain.base);
  };
};

const once = <T>(make: () => Promise<T>): (() => Promise<T>) => {
  let made: Promise<T> | null = null;
  return () => (made ??= make());
};

const measure = async (subjects: readonly Subject[]): Promise<ProbeTable> => {
  await using opened = new AsyncDisposableStack();
  const look = lookers(opened);
  const rows: ProbeRow[] = [];
  const failed: ProbeTable["failed"] = [];
  const probed = async ({ hop, ...subject }: Subject): Promise<void> => {
    progress(`${rows.length} of ${subjects.length}: ${subject.name}`);
    try {
      const row = { ...subject, ...(await look(hop)) };
      rows.push(row);
      if (subjects.length < 20) console.log(JSON.stringify(row));
    } catch (error) {
      failed.push({ name: subject.name, why: (error as Error).message });
    }
  };
  const [inContainers = [], asProcesses = []] = [true, false].map((isOne) =>
    subjects.filter(({ kind }) => (kind === "container") === isOne),
  );
  await inPool(atOnce.processes, asProcesses, probed);
  await inPool(atOnce.containers, inContainers, probed);
  progress("");
  return { schema: "hopwise.probe-table/1", date: new Date().toISOString(), node: process.version, rows, failed };
};

const saved = (): ProbeTable => JSON.parse(readFileSync(resultFile, "utf8")) as ProbeTable;

/** The new rows take the places of the saved ones. */
const added = (before: ProbeTable, { date, rows, failed }: ProbeTable): ProbeTable => {
  const names = new Set([...rows, ...failed].map(({ name }) => name));
  const measuredOn = date.slice(0, 10);
  const isSameDay = before.date.startsWith(measuredOn);
  return {
    ...before,
    rows: [...before.rows.filter(({ name }) => !names.has(name)), ...rows.map((row) => (isSameDay ? row : { ...row, measuredOn }))],
    failed: [...before.failed.filter(({ name }) => !names.has(name)), ...failed],
  };
};

const render = (): void => {
  const page = readFileSync(docsFile, "utf8");
  if (!marks.test(page)) throw new Error(`${docsFile} has no place for the table: ${marks.source}`);
  writeFileSync(
    docsFile,
    page.replace(marks, (_, before: string, after: string) => `${before}${probeMarkdown(saved())}${after}`),
  );
};

const { values, positionals } = optionsOf({
  allowPositionals: true,
  options: { render: { type: "boolean" }, only: { type: "string" } },
});
if (values.render) render();
else {
  const all = [...(await mutantSubjects()), ...catalogSubjects(), ...containerSubjects()];
  const only = new RegExp(values.only ?? "");
  const subjects = all.filter(({ name }) => only.test(name) && positionals.every((part) => name.includes(part)));
  const table = await measure(subjects);
  if (positionals.length === 0) {
    const whole = values.only === undefined ? table : added(saved(), table);
    writeFileSync(resultFile, `${JSON.stringify(whole, null, 2)}\n`);
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
