// ε, the one tolerance: derived from the control on this machine at this time, never a constant.
import { controlEveryMs } from "../recording.ts";
import type { ControlWindow } from "../recording.ts";
import type { Case } from "../script.ts";
import type { ControlFigures, QueueDelay, Trace } from "../trace.ts";

export interface Tolerance {
  /** ε without run-queue delay: max(5 ms, 3 × the net p99 of the control's transit). The delay is added per interval. */
  baseMs: number;
  /** The control's worst transit: a single record this late blames no hop. */
  worstMs: number;
  /** ε of one hop in an interval. */
  of: (hop: string, from: number, to: number) => number;
  /** How long a hop or the lab waited for a processor within an interval. */
  waitedMs: (hop: string, from: number, to: number) => number;
  /** The same without the lab: how long it can have taken until a hop learned of something. */
  unawareMs: (hop: string, from: number, to: number) => number;
  /** How long the whole machine stood still within an interval. */
  stillMs: (from: number, to: number) => number;
  /** The whole length of the standstills that reach into an interval. */
  enclosingMs: (from: number, to: number) => number;
}

/** How long a hop's processes waited for a processor between two moments, from the samples that enclose them. */
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

/** The part of standstills between two moments. Each standstill is taken to end with its sample. */
const stoodMs = (still: QueueDelay | undefined, from: number, to: number): number => {
  let sum = 0;
  for (let index = 1; still && index < still.at.length; index += 2) {
    const end = still.at[index] ?? 0;
    const lateMs = (still.waitedMs[index] ?? 0) - (still.waitedMs[index - 1] ?? 0);
    sum += Math.max(0, Math.min(end, to) - Math.max(end - lateMs, from));
  }
  return sum;
};

/** ε on an idle machine. */
export const leastEpsilonMs = 5;

/** ε of one case, by the control of its clients' protocol in the time of its attempt. Without a case: of what compares several, by the
 *  slowest control. */
export const toleranceOf = (trace: Trace, trialCase?: Case): Tolerance => {
  const { control, controls = {}, cases } = trace;
  const own = trialCase && cases.find((one) => one.case.id === trialCase.id)?.control;
  const used = trialCase ? [own ?? controls[trialCase.clients[0]?.protocol ?? "h1"] ?? control] : [control, ...Object.values(controls)];
  // Another program reads and stamps for these clients.
  const isHttp3 = trialCase ? trialCase.clients.some(({ protocol }) => protocol === "h3") : controls.h3 !== undefined;
  const baseMs = Math.max(leastEpsilonMs, ...used.map(({ netP99Ms }) => 3 * netP99Ms));
  const waitedBy = (key: string, from: number, to: number): number => delayMs(trace.queueDelay[key], from, to);
  const waited = (key: string, from: number, to: number): number =>
    waitedBy(key, from, to) + (key === "lab" && isHttp3 ? waitedBy(http3Key, from, to) : 0);
  const enclosingMs = (from: number, to: number): number => waited(standstillKey, from, to);
  const stillMs = (from: number, to: number): number => stoodMs(trace.queueDelay[standstillKey], from, to);
  const waitedMs = (hop: string, from: number, to: number, standMs: number): number =>
    waited(hop, from, to) + waited("kernel", from, to) + Math.max(waited("lab", from, to), standMs);
  return {
    baseMs,
    worstMs: Math.max(...used.map(({ maxMs }) => maxMs)),
    // The lab stamps both sides of a hop: while the lab itself waits for a processor, its stamps are late.
    of: (hop, from, to) => baseMs + waitedMs(hop, from, to, enclosingMs(from, to)),
    waitedMs: (hop, from, to) => waitedMs(hop, from, to, stillMs(from, to)),
    unawareMs: (hop, from, to) => waited(hop, from, to) + waited("kernel", from, to) + enclosingMs(from, to),
    stillMs,
    enclosingMs,
  };
};

/** The key of the program that speaks HTTP/3 for the lab. */
export const http3Key = "http3";

/** The key of the time in which the lab, and as far as it can see the whole machine, stood still. */
export const standstillKey = "standstill";

/** Less than this is jitter of timers and samples. */
const leastStandstillMs = 2 * controlEveryMs;

/** From then on it makes no difference what the lab did: whatever it stamps is as late. A virtual machine that is paused while the lab has a
 *  processor counts the pause as the lab's own work. */
const longStandstillMs = 150;

/** Standstills: how late the control sent its messages while the lab neither ran nor waited for a processor (`labBusy`), as pairs of samples
 *  before and after each. A paused virtual machine, or a stopped process, waits in no run queue. Without samples of the lab, no standstill is
 *  known. */
export const standstillOf = ({ transits }: ControlWindow, labBusy: QueueDelay | null): QueueDelay => {
  const departures = transits.filter((_, index) => index % 2 === 0).toSorted();
  const still: QueueDelay = { at: [], waitedMs: [] };
  if (labBusy === null) return still;
  let total = 0;
  departures.forEach((at, index) => {
    const before = departures[index - 1] ?? at;
    if (at - before <= controlEveryMs + leastStandstillMs) return;
    const wholeMs = at - before - controlEveryMs;
    const lateMs = wholeMs >= longStandstillMs ? wholeMs : wholeMs - delayMs(labBusy, before, at);
    if (lateMs <= leastStandstillMs) return;
    still.at.push(before, at);
    still.waitedMs.push(total, (total += lateMs));
  });
  return still;
};

/** A control window without the run-queue delay of its pipe and of the lab, which is added to ε per interval: a busy machine must not count
 *  two times. */
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
