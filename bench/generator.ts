// `npm run generator -- [number] [--seed n] [--simulated] [--plan json]`: runs hops with random release patterns as real processes, or only as
// traces, and compares each verdict with the pattern. Exits with 1 if one is wrong, or if more than 2 % stay inconclusive. Wrong verdicts are
// printed with their plan, which `--plan` runs again, and their traces are saved in out/generator.
import { mkdirSync, writeFileSync } from "node:fs";
import fc from "fast-check";
import { openRuntime } from "../harness/session/choose-runtime.ts";
import { plans } from "../test/generator/plan.ts";
import type { Plan } from "../test/generator/plan.ts";
import { runPlans } from "../test/generator/real.ts";
import type { Claimed } from "../test/generator/real.ts";
import { foundInTrace, scored } from "../test/generator/scored.ts";
import type { Found, Scored } from "../test/generator/scored.ts";
import { claimOf } from "../test/generator/truth.ts";
import { optionsOf } from "../scripts/_options.ts";

const { values, positionals } = optionsOf({
  allowPositionals: true,
  options: { seed: { type: "string" }, simulated: { type: "boolean" }, plan: { type: "string" } },
});
const wanted = Number(positionals[0] ?? 100);
const seed = Number(values.seed ?? Date.now() % 1_000_000);
const began = performance.now();

const claimed: Claimed[] = [];
const given = values.plan === undefined ? null : (JSON.parse(values.plan) as Plan);
const take = (plan: Plan): void => {
  const claim = claimOf(plan);
  if (claim !== null) claimed.push({ plan, claim });
};
if (given) take(given);
else for (let part = 0; claimed.length < wanted; part++) fc.sample(plans, { seed: seed + part, numRuns: wanted }).forEach(take);
claimed.splice(given ? 1 : wanted);

const marks = { right: "✓", wrong: "✗", inconclusive: "?" };
const byHold = new Map<string, string>();
let kept = 0;
let done = 0;
const record = ({ plan, claim, score, why, trace }: Claimed & Found & Scored): void => {
  if (++done % 50 === 0) process.stderr.write(`${done} of ${claimed.length} patterns\n`);
  const row = `${claim}, by ${plan.pattern.hold.by}`;
  byHold.set(row, `${byHold.get(row) ?? ""}${marks[score]}`);
  if (score === "right" && !given) return;
  console.log(`${score}: ${claim}: ${why}\n  --plan '${JSON.stringify(plan)}'`);
  mkdirSync("out/generator", { recursive: true });
  writeFileSync(`out/generator/${seed}-${++kept}.json`, JSON.stringify(trace));
};

const scores: Scored[] = [];
if (values.simulated)
  for (const one of claimed) {
    const found = foundInTrace(one.plan);
    const result = scored(one.claim, found);
    scores.push(result);
    record({ ...one, ...found, ...result });
  }
else {
  await using runtime = await openRuntime("process", {});
  scores.push(...(await runPlans(claimed, runtime, 64, record)));
}

for (const [row, line] of [...byHold].toSorted(([one], [other]) => one.localeCompare(other))) console.log(`${row.padEnd(28)} ${line}`);
const count = (score: string): number => scores.filter((one) => one.score === score).length;
const seconds = ((performance.now() - began) / 1000).toFixed(1);
console.log(
  `\nseed ${seed}: ${count("right")} right, ${count("wrong")} wrong, ${count("inconclusive")} inconclusive of ${scores.length} in ${seconds} s`,
);
process.exitCode = count("wrong") > 0 || count("inconclusive") > 0.02 * scores.length ? 1 : 0;
