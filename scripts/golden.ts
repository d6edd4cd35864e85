// `npm run golden`: judges the traces of test/golden with today's judge and lists every changed verdict.
import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { packageRoot } from "../harness/catalog/package-root.ts";
import { nearestTo } from "../harness/catalog/shelf.ts";
import { judge } from "../harness/model/judge/judge.ts";
import { readVerdicts, savedTraceOf, sourcesThere, traceLines } from "../test/golden/archive.ts";
import type { SavedTrace } from "../test/golden/archive.ts";
import { changes } from "../test/golden/changes.ts";
import { explain, inShort } from "../test/golden/compare.ts";
import type { Difference, Explained } from "../test/golden/compare.ts";
import { judgeAgain } from "../test/golden/judge-again.ts";
import { byKind, drafts } from "./_golden-kinds.ts";
import { recordSource } from "./_golden-record.ts";
import { sources } from "./_golden-sources.ts";
import { optionsOf } from "./_options.ts";

const usage = `npm run golden [-- <source>…]                judges all saved traces again; exit code 1 where a difference is not explained
npm run golden -- --all                      lists every difference, not only examples
npm run golden -- --accept                   prints rules for test/golden/changes.ts, to be given a reason each; writes nothing
npm run golden -- --show <source>/<name>     one trace: both verdicts; the trace and the verdicts go to out/golden/
npm run golden -- --record <source> [--only <regex>]… [--append] [--rounds <n>]
                                             records a source anew, or with --append more of it; today's verdicts are saved with it
Sources:
${Object.entries(sources)
  .map(([name, { about }]) => `  ${name.padEnd(18)} ${about}`)
  .join("\n")}`;

const main = async (): Promise<number> => {
  const config = {
    allowPositionals: true,
    options: {
      all: { type: "boolean" },
      accept: { type: "boolean" },
      show: { type: "string" },
      record: { type: "string" },
      only: { type: "string", multiple: true },
      append: { type: "boolean" },
      rounds: { type: "string", default: "1" },
    },
  } as const;
  const { values, positionals } = optionsOf(config, usage);
  const known = values.record === undefined ? await sourcesThere() : Object.keys(sources);
  const unknown = [...positionals, ...(values.record === undefined ? [] : [values.record])].find((name) => !known.includes(name));
  if (unknown !== undefined) return say(`There is no source "${unknown}"; ${nearestTo(unknown, known)}\n${usage}`, 2);
  if (values.show !== undefined) return show(values.show);
  if (values.record === undefined) return compare(positionals, { all: values.all ?? false, accept: values.accept ?? false });
  const { only = [], append = false, rounds } = values;
  return recordSource(values.record, { only: only.map((pattern) => new RegExp(pattern)), append, rounds: Number(rounds) });
};

const compare = async (named: readonly string[], { all, accept }: { all: boolean; accept: boolean }): Promise<number> => {
  const from = performance.now();
  const { traces, sources: judged, found } = await judgeAgain(named);
  const explained = explain(found, changes);
  // A change for another source explains nothing in this one.
  const faults = named.length === 0 ? explained.faults : [];
  console.log(`${traces} traces of ${judged.length} sources judged again in ${((performance.now() - from) / 1000).toFixed(1)} s`);
  tellExplained(explained);
  tellUnexplained(explained.unexplained, all);
  for (const fault of faults) console.log(fault);
  if (accept) console.log(`\nFor test/golden/changes.ts, each with its reason:\n\n${drafts(explained.unexplained)}`);
  return explained.unexplained.length + faults.length > 0 ? 1 : 0;
};

const tellExplained = ({ counts, unexplained }: Explained): void => {
  const explained = counts.reduce((sum, { count }) => sum + count, 0);
  console.log(`${explained} differences explained by ${counts.length} changes, ${unexplained.length} not explained`);
  for (const { change, count } of counts) console.log(`${String(count).padStart(6)}  ${inShort(change)}: ${change.reason}`);
};

const examples = 3;

const tellUnexplained = (unexplained: readonly Difference[], all: boolean): void => {
  for (const [kind, of] of byKind(unexplained)) {
    console.log(`\n${String(of.length).padStart(6)}  ${kind}`);
    for (const { name, case: one, was, is } of all ? of : of.slice(0, examples))
      console.log(`        ${name}, ${one}\n          was: ${was}\n          is:  ${is}`);
  }
};

const show = async (wanted: string): Promise<number> => {
  const source = wanted.slice(0, wanted.indexOf("/"));
  const name = wanted.slice(source.length + 1);
  const before = (await sourcesThere()).includes(source) ? (await readVerdicts(source)).find((one) => one.name === name) : undefined;
  if (!before) return say(`There is no trace "${wanted}"; its name is <source>/<name>, as differences are listed`, 2);
  const line = (await traceLines(source)).find((one) => (JSON.parse(one) as SavedTrace).name === name) ?? "";
  const { trace } = savedTraceOf(line);
  const folder = join(packageRoot, "out/golden");
  await mkdir(folder, { recursive: true });
  const file = join(folder, `${wanted.replaceAll(/[^\w.]+/g, "-")}.json`);
  const verdicts = { saved: before.verdict, now: judge(trace) };
  await writeFile(file, JSON.stringify({ name: wanted, ...verdicts, trace }, null, 1));
  return say(`${JSON.stringify(verdicts, null, 2)}\n${file}`, 0);
};

const say = (text: string, code: number): number => {
  console[code === 0 ? "log" : "error"](text);
  return code;
};

process.exitCode = await main();
