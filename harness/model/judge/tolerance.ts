// ε, the one tolerance: derived from what the control measured on this machine at this time, never a constant of the clock.
import type { QueueDelay, Trace } from "../trace.ts";

export interface Tolerance {
  /** ε without run-queue delay: max(5 ms, 3 × p99 of the control's transit). */
  baseMs: number;
  /** ε of one hop in an interval. */
  of: (hop: string, from: number, to: number) => number;
  /** The sum of ε over the chain: an origin's gap under four times this decides nothing. */
  chainMs: number;
}

/** What a hop's processes waited for a processor between two moments, from the samples that enclose them. */
export const waitedMs = (delay: QueueDelay | undefined, from: number, to: number): number => {
  if (!delay || delay.at.length < 2 || to < from) return 0;
  let before = 0;
  let after = delay.at.length - 1;
  for (let index = 0; index < delay.at.length; index++) {
    const at = delay.at[index] ?? 0;
    if (at <= from) before = index;
    if (at >= to) {
      after = index;
      break;
    }
  }
  return Math.max(0, (delay.waitedMs[after] ?? 0) - (delay.waitedMs[before] ?? 0));
};

export const toleranceOf = (trace: Trace): Tolerance => {
  const baseMs = Math.max(5, 3 * trace.control.p99Ms);
  return {
    baseMs,
    chainMs: baseMs * Math.max(1, trace.nodes.length - 2),
    // The lab stamps both sides of a hop: when the lab itself waits for a processor, its stamps are late by as much.
    of: (hop, from, to) =>
      baseMs + waitedMs(trace.queueDelay[hop.split("#")[0] ?? hop], from, to) + waitedMs(trace.queueDelay["lab"], from, to),
  };
};
