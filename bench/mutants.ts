// `npm run mutants [-- part of an id] [--record] [--late]`: mutants × positions in the process runtime, as a table. Exits with 1 if a
// verdict is wrong. `--late` runs only those that are late or slow, and the harmless hops.
// Traces of wrong verdicts are saved in out/traces; `--record` renews the recorded traces of `test/traces`.
import { mkdirSync, writeFileSync } from "node:fs";
import type { Trace } from "../harness/model/trace.ts";
import { openRuntime } from "../harness/session/choose-runtime.ts";
import { lateCases, harmlessCases } from "../test/e2e/mutants/late-cases.ts";
import { mutantCases, pairCases, pipeCases } from "../test/e2e/mutants/matrix.ts";
import { runMutants } from "../test/e2e/mutants/run.ts";
import { optionsOf } from "../scripts/_options.ts";

const { values, positionals } = optionsOf({
  allowPositionals: true,
  options: { record: { type: "boolean" }, late: { type: "boolean" } },
});
const late = [...lateCases(), ...harmlessCases()];
const suite = [...mutantCases(), ...pairCases(), ...pipeCases(), ...late];
const recorded = mutantCases().filter(({ position }) => position === "2 of 4");
const all = values.record ? recorded : values.late ? late : suite;
const cases = all.filter(({ entry }) => positionals.every((part) => entry.id.includes(part)));

const keep = (folder: string, id: string, trace: Trace | null): void => {
  mkdirSync(folder, { recursive: true });
  // 0.01 ms is more precise than any rule needs.
  writeFileSync(
    `${folder}/${id}.json`,
    JSON.stringify(trace, (_, value: unknown) => (typeof value === "number" ? Math.round(value * 100) / 100 : value)),
  );
};

await using runtime = await openRuntime("process", {});
const { rows, tookMs } = await runMutants(cases, runtime, ({ id, score, why }, trace) => {
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
