// One record at one hop: when it came in, when it left, and how long the hop held it.
import type { CaseTrace, Exchange } from "../../trace.ts";
import type { Tolerance } from "../tolerance.ts";

export interface Passage {
  index: number;
  in: number;
  /** Null: it never left. */
  out: number | null;
  /** ε of this hop in this interval. */
  epsilon: number;
  /** How long the hop held it, without the time in which its downstream was not writable. */
  heldMs: number;
  /** Held longer than ε. */
  late: boolean;
  /** Held longer than 5 × ε and longer than two times the worst of the control. */
  beyondDoubt: boolean;
}

const doubtFactor = 5;

export const passagesOf = (hop: string, input: Exchange, output: Exchange, tolerance: Tolerance): Passage[] =>
  input.records.flatMap((at, index) => {
    if (at === null) return [];
    const out = output.records[index] ?? null;
    const until = out ?? Math.max(output.end.at, at);
    const epsilon = tolerance.of(hop, at, until);
    const blocked = output.blocked.reduce((sum, [from, to]) => sum + Math.max(0, Math.min(to, until) - Math.max(from, at)), 0);
    const heldMs = until - at - blocked;
    const late = out === null || heldMs > epsilon;
    return [
      { index, in: at, out, epsilon, heldMs, late, beyondDoubt: late && heldMs > doubtFactor * epsilon && heldMs > 2 * tolerance.worstMs },
    ];
  });

const leastFloodBytes = 1024;
/** A script without a write of this size has no flood. */
const plainFloodBytes = 256 * 1024;

export const isFlooded = (trialCase: CaseTrace): boolean => Math.max(...trialCase.case.script.body.recordBytes) >= plainFloodBytes;

/** The index of the flood's first record: writes that double up to the end of the script. */
export const floodFrom = (trialCase: CaseTrace): number => {
  const sizes = trialCase.case.script.body.recordBytes;
  let from = sizes.length - 1;
  while (from > 0 && (sizes[from - 1] ?? 0) >= leastFloodBytes && (sizes[from - 1] ?? 0) * 2 === sizes[from]) from--;
  return isFlooded(trialCase) ? from : Infinity;
};

export const lastInputBy = (input: Exchange, at: number): number => input.progress.findLast(([time]) => time <= at)?.[0] ?? -Infinity;
