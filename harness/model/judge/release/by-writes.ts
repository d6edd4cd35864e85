// `writes n`: pending bytes leave when the n-th input arrives, at every gap and size.
import type { Release, Seen } from "./release.ts";
import { explainedShare } from "./release.ts";

interface Arrival {
  at: number;
  /** The last record that arrived with it. */
  last: number;
}

/** Inputs within ε of each other count as one. */
const arrivalsOf = ({ ordinary, tolerance }: Seen): Arrival[] => {
  const all: Arrival[] = [];
  for (const { in: at, index } of ordinary) {
    const before = all.at(-1);
    if (before && at - before.at <= tolerance.baseMs) all[all.length - 1] = { at: before.at, last: index };
    else all.push({ at, last: index });
  }
  return all;
};

interface Group {
  inputs: number;
  records: number;
}

/** A release at an input, and how many inputs it had waited for. What leaves after a further input was not shown to be this one's. */
const groupsOf = (seen: Seen): Group[] => {
  const all = arrivalsOf(seen);
  return all.flatMap((arrival, index): Group[] => {
    const nextAt = all[index + 1]?.at ?? Infinity;
    const pending = seen.ordinary.filter(({ index: record, out }) => record <= arrival.last && (out === null || out >= arrival.at - 1));
    const [first] = pending;
    const isReleased = pending.every(({ out, epsilon }) => out !== null && out - arrival.at <= epsilon && out < nextAt);
    if (!first || !isReleased) return [];
    const from = all.findIndex(({ last }) => last >= first.index);
    return [{ inputs: index - from + 1, records: pending.length }];
  });
};

/** Records that arrived together may be one input or several: such a group neither supports nor excludes a number. */
const isPlain = ({ inputs, records }: Group): boolean => inputs === records;

/** How many releases of two inputs a release of n is worth. Gaps are at least 4 ε, so that by chance what is held for up to n - 1 gaps leaves
 *  within ε of an input once in 4 (n - 1) times. */
const weightOf = (inputs: number): number => 1 + Math.log(inputs - 1) / Math.log(4);

export const releasedByWrites: Release = (seen) => {
  const { ordinary, case: trialCase } = seen;
  const groups = groupsOf(seen);
  const plain = groups.filter(isPlain);
  const most = Math.max(0, ...plain.map(({ inputs }) => inputs));
  const same = plain.filter(({ inputs }) => inputs === most);
  if (most < 2 || same.length < 2 || same.length < explainedShare * plain.length) return null;
  const explained = groups.reduce((sum, group) => sum + (isPlain(group) && group.inputs !== most ? 0 : group.records), 0);
  const late = ordinary.filter(({ late: isLate }) => isLate).length;
  const isAnySize = new Set(ordinary.map(({ index }) => trialCase.case.script.body.recordBytes[index])).size > 1;
  return isAnySize && explained >= explainedShare * late
    ? { cause: { member: "batched", by: "writes", writes: most }, times: same.length * weightOf(most) }
    : null;
};
