// `npm run soak -- [rounds] [--bursts ms] [--stalls ms]`: repeats the process suite with every core busy. `--bursts`: with
// high-priority work of up to that many milliseconds every two seconds, like the neighbors of a virtual machine (needs root, and chrt and
// taskset of util-linux). `--stalls`: instead, the machine stands still for up to that long a few times in ten seconds. Default: 20 rounds.
import { mkdirSync, writeFileSync } from "node:fs";
import { openRuntime } from "../harness/session/choose-runtime.ts";
import { mutantCases, pipeCases } from "../test/e2e/mutants/matrix.ts";
import type { Row } from "../test/e2e/mutants/run.ts";
import { runMutants } from "../test/e2e/mutants/run.ts";
import { disturb } from "./_disturbances.ts";
import { optionsOf } from "../scripts/_options.ts";

const { values, positionals } = optionsOf({
  options: { bursts: { type: "string" }, stalls: { type: "string" } },
  allowPositionals: true,
});
const rounds = Number(positionals[0] ?? 20);
const cases = [...mutantCases(), ...pipeCases()];

const disturbances = disturb(values);

const all: Row[] = [];
try {
  for (let round = 1; round <= rounds; round++) {
    await using runtime = await openRuntime("process", {});
    const { rows, tookMs } = await runMutants(cases, runtime, ({ id, score, why }, trace) => {
      if (score === "right") return;
      console.log(`  ${score} ${id}: ${why}`);
      mkdirSync("out/soak", { recursive: true });
      writeFileSync(`out/soak/${round}-${id}.json`, JSON.stringify(trace));
    });
    all.push(...rows);
    const of = (score: string): number => rows.filter((row) => row.score === score).length;
    console.log(
      `round ${round} of ${rounds}: ${of("right")} right, ${of("wrong")} wrong, ${of("inconclusive")} inconclusive in ${(tookMs / 1000).toFixed(0)} s`,
    );
  }
} finally {
  disturbances.end();
}

const wrong = all.filter(({ score }) => score === "wrong").length;
const share = (rows: readonly Row[]): number => rows.filter(({ score }) => score === "inconclusive").length / Math.max(1, rows.length);
const byMutant = [...new Set(all.map(({ mutant }) => mutant))].map((mutant) => ({
  mutant,
  inconclusive: share(all.filter((row) => row.mutant === mutant)),
}));
const worst = byMutant.toSorted((a, b) => b.inconclusive - a.inconclusive)[0];
const percent = (value: number): string => `${(100 * value).toFixed(2)} %`;
console.log(
  `\n${all.length} verdicts: ${wrong} wrong, ${percent(share(all))} inconclusive (most: ${worst?.mutant} ${percent(worst?.inconclusive ?? 0)})`,
);
process.exitCode = wrong > 0 || share(all) >= 0.02 || (worst?.inconclusive ?? 0) >= 0.1 ? 1 : 0;
