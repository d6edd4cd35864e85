// Whether the memory of a hop grows with the body that passes it. Pure.
//
// A hop that holds a body needs as much memory as the body has bytes; a hop that streams needs its buffers, whatever the size. Resident memory
// alone does not distinguish them: a garbage collector lets tens of megabytes pile up before it begins (a straight pipe on Node 24: 90 MB), and an
// allocator keeps what was freed. Both are bounded. So the body is doubled until the memory follows, or does not:
//
//   resident share = (peak − idle) / body            of the process that grew most; idle: before the first large body
//   growth share   = (peak − peak before) / (body − body before)
//
//   bounded   the resident share is at most a half; or less than one, and the growth share of the last doubling is at most a quarter
//   grows     the body has reached 200 MB, and the growth share of the last doubling is more than a half
//   open      neither: the next body is twice as large; after 200 MB it is inconclusive
import type { ProcessMemory } from "./samples.ts";

/** The memory of a hop's processes while a body passed. */
export interface Passed {
  bodyBytes: number;
  memory: readonly ProcessMemory[];
}

export interface Growth {
  state: "bounded" | "grows" | "open";
  /** Of the last body. */
  bodyBytes: number;
  residentShare: number;
  /** Of the last doubling; null: there was none. */
  growthShare: number | null;
}

const kilobyte = 1024;
/** Half way between a hop that holds nothing and one that holds all. */
const half = 1 / 2;
const quarter = 1 / 4;

/** No larger body is sent. Smaller ones cannot show that memory grows: what piles up before a garbage collector begins does so, too. */
export const largestBodyBytes = 200_000_000;

/** `passed`: bodies for one kind of reader, each twice as large as the one before. `idleKb`: by process. Null: nothing passed. */
export const growthOf = (passed: readonly Passed[], idleKb: ReadonlyMap<number, number>): Growth | null => {
  const last = passed.at(-1);
  if (!last) return null;
  const { bodyBytes } = last;
  const residentShare = (kilobyte * mostOf(last, idleKb)) / bodyBytes;
  const before = passed.at(-2);
  const growthShare = before ? shareOf(before, last) : null;
  const isBounded = residentShare <= half || (residentShare < 1 && growthShare !== null && growthShare <= quarter);
  const grows = bodyBytes >= largestBodyBytes && growthShare !== null && growthShare > half;
  return { state: isBounded ? "bounded" : grows ? "grows" : "open", bodyBytes, residentShare, growthShare };
};

/** One process serves a request, or one after another: what others did meanwhile does not add to it. */
const mostOf = ({ memory }: Passed, beforeKb: ReadonlyMap<number, number>): number =>
  Math.max(0, ...memory.map(({ pid, peakKb }) => peakKb - (beforeKb.get(pid) ?? 0)));

const shareOf = (before: Passed, after: Passed): number => {
  const peaks = new Map(before.memory.map(({ pid, peakKb }) => [pid, peakKb]));
  return (kilobyte * mostOf(after, peaks)) / (after.bodyBytes - before.bodyBytes);
};
