// The report for people: a card per scenario, a summary of the run, and the counts as the last line.
import { card } from "./card.ts";
import type { Outcome } from "../model/outcome.ts";
import type { Look, Paint } from "./look.ts";
import { paintOf } from "./look.ts";
import { legend } from "./picture.ts";
import type { Comparison, Report, ScenarioReport } from "./report.ts";
import { duration, plain, wrap } from "./text.ts";
import { outcomeWords } from "./words.ts";

export const pretty = (report: Report, look: Look): string => {
  const paint = paintOf(look);
  const cards = report.scenarios.toSorted((a, b) => urgency(a) - urgency(b)).map((scenario) => card(scenario, look));
  const blocks = cards.map(({ text }) => text);
  if (cards.some(({ pictured }) => pictured)) blocks.push(wrap(legend, look.width).map(paint.dim).join("\n"));
  blocks.push(summary(report, look, paint).join("\n"));
  return `${blocks.join("\n\n")}\n`;
};

/** The most urgent comes last, nearest the prompt. */
const order: readonly Outcome[] = ["pass", "unsupported", "inconclusive", "harness-fault", "fail"];

/** A known failure is less urgent than a new one. */
const urgency = ({ outcome, baseline }: ScenarioReport): number => order.indexOf(outcome) - (baseline?.change === "known" ? 0.5 : 0);

const summary = (report: Report, look: Look, paint: Paint): string[] => {
  const { machine, control, scenarios } = report;
  const row = (name: string, text: string): string[] =>
    wrap(text, look.width - 10).map((line, index) => `${paint.dim((index === 0 ? name : "").padEnd(10))}${line}`);
  const versions = [...new Set(Object.values(report.versions))].map(plain);
  const again = scenarios.filter(({ attempts }) => attempts === 2).length;
  const shards = [report, ...report.parts].flatMap(({ shard }) => (shard ? [`${shard.index}/${shard.of}`] : []));
  return [
    ...(shards.length > 0 ? row(report.parts.length > 0 ? "merged" : "shard", shards.join(" · ")) : []),
    ...row(
      "runtime",
      `${report.runtime} on ${machine.platform}, ${machine.cores} cores, lab on Node ${plain(machine.labNode)}${report.timeScale === 1 ? "" : `, clocks ${report.timeScale}× faster`}`,
    ),
    ...(versions.length > 0 ? row("ran", versions.join(" · ")) : []),
    ...(control
      ? row(
          "control",
          `p50 ${duration(control.p50Ms)} · p99 ${duration(control.p99Ms)} · worst ${duration(control.maxMs)} through a straight pipe (${control.samples} samples)`,
        )
      : []),
    ...(scenarios.some(({ application }) => application !== undefined) ? row("origin", ownApplication) : []),
    ...(again > 0
      ? row(
          "attempts",
          `${again} of ${scenarios.length} were inconclusive at first (machine busy or hop crashed); the second attempt counts`,
        )
      : []),
    ...next(scenarios).flatMap((text) => row("next", text)),
    ...(report.interrupted ? [paint.yellow("interrupted: the remaining scenarios are missing")] : []),
    paint.bold(counts(report)),
  ];
};

const ownApplication =
  "your own application: what arrives in one read counts as a record; unknown: whose body it sent, what it held back, and what is missing";

const next = (scenarios: Report["scenarios"]): string[] =>
  scenarios.some(({ outcome }) => outcome === "unsupported" || outcome === "harness-fault")
    ? ["run npx hopwise doctor to see what is missing"]
    : [];

/** `8 passed (1 fixed), 1 failed, 2 skipped, 1 not judged (14.2 s)`: one line, and the last one. */
export const counts = ({ scenarios, tookMs }: Report): string => {
  const many = new Map([...new Set(Object.values(outcomeWords).map(({ counted }) => counted))].map((counted) => [counted, 0]));
  for (const { outcome } of scenarios) many.set(outcomeWords[outcome].counted, (many.get(outcomeWords[outcome].counted) ?? 0) + 1);
  const countOf = (change: Comparison["change"]): string => {
    const number = scenarios.filter(({ baseline }) => baseline?.change === change).length;
    return number === 0 ? "" : ` (${number} ${change})`;
  };
  const changes: Record<string, string> = { passed: countOf("fixed"), failed: countOf("known") };
  return `${[...many]
    .filter(([counted, number]) => number > 0 || counted !== "not judged")
    .map(([counted, number]) => `${number} ${counted}${changes[counted] ?? ""}`)
    .join(", ")} (${duration(tookMs)})`;
};
