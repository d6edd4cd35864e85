// `npm run mutants [-- part of an id] [--record]`: mutants × positions in the process runtime, as a table. Exits 1 if one is judged wrong.
// What was not judged right is kept in out/traces; `--record` renews the recorded traces of `test/traces`.
import { mkdirSync, writeFileSync } from "node:fs";
import { parseArgs } from "node:util";
import type { Trace } from "../harness/model/trace.ts";
import { openRuntime } from "../harness/runtime/choose.ts";
import { mutantCases, pairCases, pipeCases } from "../test/e2e/mutants/matrix.ts";
import { play } from "../test/e2e/mutants/play.ts";

const { values, positionals } = parseArgs({ allowPositionals: true, options: { record: { type: "boolean" } } });
const all = values.record
  ? mutantCases().filter(({ position }) => position === "2 of 4")
  : [...mutantCases(), ...pairCases(), ...pipeCases()];
const cases = all.filter(({ entry }) => positionals.every((part) => entry.id.includes(part)));

const keep = (folder: string, id: string, trace: Trace | null): void => {
  mkdirSync(folder, { recursive: true });
  // A hundredth of a millisecond is more than any rule asks for.
  writeFileSync(
    `${folder}/${id}.json`,
    JSON.stringify(trace, (_, value: unknown) => (typeof value === "number" ? Math.round(value * 100) / 100 : value)),
  );
};

await using runtime = await openRuntime("process", {});
const { rows, tookMs } = await play(cases, runtime, ({ id, score, why }, trace) => {
  if (values.record && score === "right") keep("test/traces", id, trace);
  if (score === "right") return;
  console.log(`${score.padEnd(12)} ${id}: ${why}`);
  keep("out/traces", id, trace);
});
const names = [...new Set(rows.map(({ mutant }) => mutant))];
const marks = { right: "✓", wrong: "✗", inconclusive: "?" };
for (const name of names) {
  const mine = rows.filter(({ mutant }) => mutant === name);
  console.log(`${name.padEnd(44)} ${mine.map(({ position, score }) => `${position} ${marks[score]}`).join("  ")}`);
}
const count = (score: string): number => rows.filter((row) => row.score === score).length;
console.log(
  `\n${count("right")} right, ${count("wrong")} wrong, ${count("inconclusive")} inconclusive of ${rows.length} in ${(tookMs / 1000).toFixed(1)} s`,
);
process.exitCode = count("wrong") > 0 ? 1 : 0;
