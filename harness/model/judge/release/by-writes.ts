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

/** A release at an input, and how many inputs it had waited for. */
const groupsOf = (seen: Seen): Group[] => {
  const all = arrivalsOf(seen);
  return all.flatMap((arrival, index): Group[] => {
    const pending = seen.ordinary.filter(({ index: record, out }) => record <= arrival.last && (out === null || out >= arrival.at - 1));
    const [first] = pending;
    const isReleased = pending.every(({ out, epsilon }) => out !== null && out - arrival.at <= epsilon);
    if (!first || !isReleased) return [];
    const from = all.findIndex(({ last }) => last >= first.index);
    return [{ inputs: index - from + 1, records: pending.length }];
  });
};

/** Records that arrived together may be one input or several: such a group neither supports nor excludes a number. */
const isPlain = ({ inputs, records }: Group): boolean => inputs === records;

/** The number of inputs that most groups had waited for, and those groups. */
const mostFrequent = (groups: readonly Group[]): [inputs?: number, groups?: Group[]] =>
  [...Map.groupBy(groups, ({ inputs }) => inputs)].toSorted(([, a], [, b]) => b.length - a.length)[0] ?? [];

export const releasedByWrites: Release = (seen) => {
  const { ordinary, case: trialCase } = seen;
  const groups = groupsOf(seen);
  const plain = groups.filter(isPlain);
  // A hop that waited for a processor may read two inputs as one, and then releases one more than usual.
  const [usual, same = []] = mostFrequent(plain);
  if (usual === undefined || usual < 2 || same.length < 2 || same.length < explainedShare * plain.length) return null;
  const explained = groups.reduce((sum, group) => sum + (isPlain(group) && group.inputs !== usual ? 0 : group.records), 0);
  const late = ordinary.filter(({ late: isLate }) => isLate).length;
  const isAnySize = new Set(ordinary.map(({ index }) => trialCase.case.script.body.recordBytes[index])).size > 1;
  return isAnySize && explained >= explainedShare * late
    ? { cause: { member: "batched", by: "writes", writes: usual }, times: same.length }
    : null;
};
