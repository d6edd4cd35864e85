// Makes a trace small without a change of its verdict. Pure.
import { judge } from "../../harness/model/judge/judge.ts";
import type { QueueDelay, Trace } from "../../harness/model/trace.ts";
import { differences } from "./compare.ts";

/** Of the samples between two that are equal to both, none says anything: it is a running total. */
const withoutRuns = ({ at, waitedMs }: QueueDelay): QueueDelay => {
  const isTurn = waitedMs.map((value, index) => value !== waitedMs[index - 1] || value !== waitedMs[index + 1]);
  return { at: at.filter((_, index) => isTurn[index]), waitedMs: waitedMs.filter((_, index) => isTurn[index]) };
};

const slimQueues = (trace: Trace): Trace => ({
  ...trace,
  queueDelay: Object.fromEntries(Object.entries(trace.queueDelay).map(([node, delay]) => [node, withoutRuns(delay)])),
});

/** A hundredth of a millisecond is more than any rule asks for. */
const rounded = (trace: Trace): Trace =>
  JSON.parse(JSON.stringify(trace, (_, value: unknown) => (typeof value === "number" ? Math.round(100 * value) / 100 : value))) as Trace;

/** Rounded, if the verdict stays the same but for that rounding in its numbers; else with all digits. */
export const slim = (trace: Trace): { trace: Trace; isRounded: boolean } => {
  const raw = JSON.parse(JSON.stringify(trace)) as Trace;
  const verdict = judge(raw);
  const whole = slimQueues(raw);
  if (JSON.stringify(judge(whole)) !== JSON.stringify(verdict)) return { trace: raw, isRounded: false };
  const small = slimQueues(rounded(raw));
  const isSame = differences("", JSON.parse(JSON.stringify(verdict)) as typeof verdict, judge(small)).every(
    ({ what }) => what === "numbers" || what === "words",
  );
  return isSame ? { trace: small, isRounded: true } : { trace: whole, isRounded: false };
};
