// The report for people: a card per scenario, what ran where, and the counts as the last line.
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

/** What needs attention stands nearest the end, where people look. */
const order: readonly Outcome[] = ["pass", "unsupported", "inconclusive", "harness-fault", "fail"];

/** What was so before is less urgent than what is new. */
const urgency = ({ outcome, baseline }: ScenarioReport): number => order.indexOf(outcome) - (baseline?.change === "known" ? 0.5 : 0);

const summary = (report: Report, look: Look, paint: Paint): string[] => {
  const { machine, control, scenarios } = report;
  const row = (name: string, text: string): string[] =>
    wrap(text, look.width - 10).map((line, index) => `${paint.dim((index === 0 ? name : "").padEnd(10))}${line}`);
  const versions = [...new Set(Object.values(report.versions))].map(plain);
  const again = scenarios.filter(({ playings }) => playings === 2).length;
  const shards = [report, ...report.parts].flatMap(({ shard }) => (shard ? [`${shard.index}/${shard.of}`] : []));
  return [
    ...(shards.length > 0 ? row(report.parts.length > 0 ? "merged" : "shard", shards.join(" · ")) : []),
    ...row(
      "runtime",
      `${report.runtime} on ${machine.platform}, ${machine.cores} cores, lab on Node ${plain(machine.labNode)}${report.timeScale === 1 ? "" : `, time ×${report.timeScale}`}`,
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
          "twice",
          `${again} of ${scenarios.length}: the machine, or a hop that died, left them undecided at first; the second playing counts`,
        )
      : []),
    ...next(scenarios).flatMap((text) => row("next", text)),
    ...(report.interrupted ? [paint.yellow("interrupted: what was not done is missing here")] : []),
    paint.bold(counts(report)),
  ];
};

const ownApplication =
  "your own application: a record is what came out of it in one read; whose body it is, what it kept back itself and what it left unsaid cannot be told";

const next = (scenarios: Report["scenarios"]): string[] =>
  scenarios.some(({ outcome }) => outcome === "unsupported" || outcome === "harness-fault")
    ? ["hopwise doctor tells what is missing here"]
    : [];

/** `8 passed (1 fixed), 1 failed, 2 skipped, 1 not judged (14.2 s)`: one line, and the last one. */
export const counts = ({ scenarios, tookMs }: Report): string => {
  const many = new Map([...new Set(Object.values(outcomeWords).map(({ counted }) => counted))].map((counted) => [counted, 0]));
  for (const { outcome } of scenarios) many.set(outcomeWords[outcome].counted, (many.get(outcomeWords[outcome].counted) ?? 0) + 1);
  const beside = (change: Comparison["change"]): string => {
    const number = scenarios.filter(({ baseline }) => baseline?.change === change).length;
    return number === 0 ? "" : ` (${number} ${change})`;
  };
  const changes: Record<string, string> = { passed: beside("fixed"), failed: beside("known") };
  return `${[...many]
    .filter(([counted, number]) => number > 0 || counted !== "not judged")
    .map(([counted, number]) => `${number} ${counted}${changes[counted] ?? ""}`)
    .join(", ")} (${duration(tookMs)})`;
};
