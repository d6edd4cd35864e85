// ε, the one tolerance: derived from what the control measured on this machine at this time, never a constant of the clock.
import { controlEveryMs } from "../recording.ts";
import type { ControlWindow } from "../recording.ts";
import type { ControlFigures, QueueDelay, Trace } from "../trace.ts";

export interface Tolerance {
  /** ε without run-queue delay, which is added where it was: max(5 ms, 3 × the net p99 of the control's transit). */
  baseMs: number;
  /** The worst that the control saw: a single record as late as that accuses nobody. */
  worstMs: number;
  /** ε of one hop in an interval. */
  of: (hop: string, from: number, to: number) => number;
  /** For how much of an interval the machine kept a hop, or the lab, from running. */
  waitedMs: (hop: string, from: number, to: number) => number;
  /** For how long of an interval the whole machine stood still, in milliseconds. */
  stillMs: (from: number, to: number) => number;
  /** How long the standstills lasted, whole, that reach into an interval. */
  enclosingMs: (from: number, to: number) => number;
}

/** What a hop's processes waited for a processor between two moments, from the samples that enclose them. */
const delayMs = (delay: QueueDelay | undefined, from: number, to: number): number => {
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

/** The part of standstills that lies between two moments: each is the end of the time between two messages. */
const stoodMs = (still: QueueDelay | undefined, from: number, to: number): number => {
  let sum = 0;
  for (let index = 1; still && index < still.at.length; index += 2) {
    const end = still.at[index] ?? 0;
    const lateMs = (still.waitedMs[index] ?? 0) - (still.waitedMs[index - 1] ?? 0);
    sum += Math.max(0, Math.min(end, to) - Math.max(end - lateMs, from));
  }
  return sum;
};

/** ε of a machine that does nothing else. */
export const leastEpsilonMs = 5;

export const toleranceOf = (trace: Trace): Tolerance => {
  const baseMs = Math.max(leastEpsilonMs, 3 * trace.control.netP99Ms);
  const waited = (key: string, from: number, to: number): number => delayMs(trace.queueDelay[key], from, to);
  const enclosingMs = (from: number, to: number): number => waited(standstillKey, from, to);
  const stillMs = (from: number, to: number): number => stoodMs(trace.queueDelay[standstillKey], from, to);
  const waitedMs = (hop: string, from: number, to: number, standMs: number): number =>
    waited(hop, from, to) + waited("kernel", from, to) + Math.max(waited("lab", from, to), standMs);
  return {
    baseMs,
    worstMs: trace.control.maxMs,
    // The lab stamps both sides of a hop: when the lab itself waits for a processor, its stamps are late by as much.
    of: (hop, from, to) => baseMs + waitedMs(hop, from, to, enclosingMs(from, to)),
    waitedMs: (hop, from, to) => waitedMs(hop, from, to, stillMs(from, to)),
    stillMs,
    enclosingMs,
  };
};

/** The key of the time for which the lab, and as far as it can tell the machine, did nothing. */
export const standstillKey = "standstill";

/** Less is the play of timers and of samples. */
const leastStandstillMs = 2 * controlEveryMs;

/** By how much the control sent its messages later than it meant to, while the lab neither ran nor waited for a processor (`labBusy`): in
 *  pairs, before and behind each standstill. A virtual machine that is not run, or processes that are stopped, wait in no run queue. Where
 *  nothing is known of the lab, none is known. */
export const standstillOf = ({ transits }: ControlWindow, labBusy: QueueDelay | null): QueueDelay => {
  const departures = transits.filter((_, index) => index % 2 === 0).toSorted();
  const still: QueueDelay = { at: [], waitedMs: [] };
  if (labBusy === null) return still;
  let total = 0;
  departures.forEach((at, index) => {
    const before = departures[index - 1] ?? at;
    if (at - before <= controlEveryMs + leastStandstillMs) return;
    const lateMs = at - before - controlEveryMs - delayMs(labBusy, before, at);
    if (lateMs <= leastStandstillMs) return;
    still.at.push(before, at);
    still.waitedMs.push(total, (total += lateMs));
  });
  return still;
};

/** A control window with the run-queue delay of its pipe and of the lab taken out of each transit: what a hop that had to wait is
 *  allowed besides, so that a busy machine is not counted twice. */
export const controlFigures = (
  { transits, samples, p50Ms, p99Ms, maxMs }: ControlWindow,
  delays: readonly QueueDelay[],
): ControlFigures => {
  const net: number[] = [];
  for (let index = 0; index + 1 < transits.length; index += 2) {
    const from = transits[index] ?? 0;
    const transit = transits[index + 1] ?? 0;
    const waited = transit < 1 ? 0 : delays.reduce((sum, delay) => sum + delayMs(delay, from, from + transit), 0);
    net.push(Math.max(0, transit - waited));
  }
  net.sort((a, b) => a - b);
  return { samples, p50Ms, p99Ms, maxMs, netP99Ms: net[Math.max(0, Math.ceil(0.99 * net.length) - 1)] ?? p99Ms };
};
