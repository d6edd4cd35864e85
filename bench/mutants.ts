// `npm run mutants`: mutants × positions in the process runtime, as a table. Exits 1 if one is judged wrong.
import { mkdirSync, writeFileSync } from "node:fs";
import { openRuntime } from "../harness/runtime/choose.ts";
import { mutantCases, pairCases, pipeCases } from "../test/e2e/mutants/matrix.ts";
import { play } from "../test/e2e/mutants/play.ts";

const only = process.argv[2];
const cases = [...mutantCases(), ...pairCases(), ...pipeCases()].filter(({ entry }) => only === undefined || entry.id.includes(only));
await using runtime = await openRuntime("process", {});
const { rows, tookMs } = await play(cases, runtime, ({ id, score, why }, trace) => {
  if (score === "right") return;
  console.log(`${score.padEnd(12)} ${id}: ${why}`);
  mkdirSync("out/traces", { recursive: true });
  writeFileSync(`out/traces/${id}.json`, JSON.stringify(trace));
});
const names = [...new Set(rows.map(({ mutant }) => mutant))];
const marks = { right: "✓", wrong: "✗", inconclusive: "?" };
for (const name of names) {
  const mine = rows.filter(({ mutant }) => mutant === name);
  console.log(`${name.padEnd(44)} ${mine.map(({ position, score }) => `${position} ${marks[score]}`).join("  ")}`);
}
const count = (score: string): number => rows.filter((row) => row.score === score).length;
console.log(`\n${count("right")} right, ${count("wrong")} wrong, ${count("inconclusive")} inconclusive of ${rows.length} in ${(tookMs / 1000).toFixed(1)} s`);
process.exitCode = count("wrong") > 0 ? 1 : 0;
