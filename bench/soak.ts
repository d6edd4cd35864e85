// `npm run soak -- [rounds] [--bursts ms] [--stalls ms]`: the process suite again and again with every core kept busy; with `--bursts` by work
// besides that goes before everybody else's for up to so long every two seconds, as a virtual machine's neighbours do (needs root, and chrt and
// taskset of util-linux); with `--stalls` on a machine that stands still for up to so long a few times in ten seconds instead. Bounded: 20
// rounds unless told otherwise.
import { spawn } from "node:child_process";
import { mkdirSync, writeFileSync } from "node:fs";
import { availableParallelism } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { openRuntime } from "../harness/runtime/choose.ts";
import { mutantCases, pipeCases } from "../test/e2e/mutants/matrix.ts";
import type { Row } from "../test/e2e/mutants/play.ts";
import { play } from "../test/e2e/mutants/play.ts";

const { values, positionals } = parseArgs({
  options: { bursts: { type: "string" }, stalls: { type: "string" } },
  allowPositionals: true,
});
const rounds = Number(positionals[0] ?? 20);
const cases = [...mutantCases(), ...pipeCases()];

// Each burner ends by itself when the pipe from us closes, whatever ends us.
const burn =
  'process.stdin.on("end", () => process.exit()).resume(); (function turn() { for (const end = Date.now() + 20; Date.now() < end; ); setImmediate(turn); })();';
const burst = (mostMs: number): string =>
  `process.stdin.on("end", () => process.exit()).resume(); (function turn() { setTimeout(() => { for (const end = Date.now() + 50 + ${mostMs} * Math.random(); Date.now() < end; ); turn(); }, -2000 * Math.log(1 - Math.random())); })();`;
const beside = (command: string, ...args: string[]) => spawn(command, args, { stdio: ["pipe", "ignore", "inherit"] });
const disturbed = (...args: string[]) => beside(process.execPath, ...args);
const onEachCore = <T>(start: (core: number) => T): T[] => Array.from({ length: availableParallelism() }, (_, core) => start(core));
const disturbances =
  values.stalls === undefined
    ? onEachCore(() => disturbed("-e", burn))
    : [disturbed(join(import.meta.dirname, "_staller.ts"), values.stalls)];
if (values.bursts !== undefined) {
  const script = burst(Number(values.bursts));
  disturbances.push(...onEachCore((core) => beside("taskset", "-c", String(core), "chrt", "-f", "10", process.execPath, "-e", script)));
}

const all: Row[] = [];
try {
  for (let round = 1; round <= rounds; round++) {
    await using runtime = await openRuntime("process", {});
    const { rows, tookMs } = await play(cases, runtime, ({ id, score, why }, trace) => {
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
  for (const { stdin } of disturbances) stdin.end();
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
