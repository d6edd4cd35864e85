// What the measurements of a run share: a verified lab, the control, and the current ε.
import { setTimeout as delay } from "node:timers/promises";
import { startControl } from "./control.ts";
import type { Control } from "./control.ts";
import { now } from "../lab/clock.ts";
import { leastEpsilonMs } from "../model/judge/tolerance.ts";
import { mostPlannedEpsilonMs } from "../model/pace.ts";
import type { ClientProtocol } from "../model/script.ts";
import { labBusyKey, QueueDelaySampler } from "../runtime/queue-delay.ts";
import { EnvironmentError } from "../errors.ts";
import type { Runtime } from "../runtime/runtime.ts";

/** What every measurement needs: a verified lab, and the control. */
export interface Session extends AsyncDisposable {
  runtime: Runtime;
  sampler: QueueDelaySampler;
  control: Control;
  /** The lab's version of Node. */
  node: string;
}

/** Throws an EnvironmentError if the lab fails its self-test. `sampler`: for whoever starts servers meanwhile. */
export const openSession = async (runtime: Runtime, sampler = new QueueDelaySampler()): Promise<Session> => {
  const { lab } = runtime;
  let control: Control | null = null;
  const close = async (): Promise<void> => {
    sampler[Symbol.dispose]();
    await control?.[Symbol.asyncDispose]();
  };
  try {
    const labPids = await runtime.labPids();
    sampler.watch("lab", labPids);
    sampler.watchBusy(labBusyKey, labPids);
    sampler.watchKernel();
    const selfTest = lab.ask("self-test", {});
    // If the control cannot start, report that, and not that the lab ended afterwards.
    selfTest.catch(() => {});
    control = await startControl(runtime, sampler);
    const { node, faults } = await selfTest;
    if (faults.length > 0) throw new EnvironmentError(`The lab's self-test failed on Node ${node}: ${faults.join("; ")}`);
    return { runtime, sampler, control, node, [Symbol.asyncDispose]: close };
  } catch (error) {
    await close().catch(() => {});
    throw error;
  }
};

/** Up to this ε no gap is longer than on an idle machine. */
const calmEpsilonMs = 20;
/** What made the machine busy is mostly over: the start of servers, or the first requests of many trials. */
const settleMs = 300;
const settledSamples = 25;
const mostSettled = 3;

/** Waits until the machine is calm, so that a further attempt does not meet what disturbed the one before: until the
 *  control has had no late sample for 300 ms. Gives up after three such waits. */
export const calm = async (control: Pick<Control, "read">): Promise<void> => {
  for (let tries = 0; tries < mostSettled; tries++) {
    const since = now();
    // oxlint-disable-next-line no-await-in-loop
    await delay(settleMs);
    // oxlint-disable-next-line no-await-in-loop
    const seen = await control.read(since, now(), "h1", settledSamples).catch(() => null);
    if (seen === null || seen.figures.maxMs <= calmEpsilonMs) return;
  }
};

/** The current ε, from which gaps and patience are planned. Where it is large, the machine is given a moment to settle. */
export const plannedEpsilonMs = async (control: Pick<Control, "read">, protocol: ClientProtocol = "h1"): Promise<number> => {
  const current = async (since: number, least?: number): Promise<number> => {
    const seen = await control.read(since, now(), protocol, least).catch(() => null);
    return Math.min(mostPlannedEpsilonMs, Math.max(leastEpsilonMs, 3 * (seen?.figures.netP99Ms ?? 0)));
  };
  let epsilonMs = await current(now());
  for (let tries = 0; epsilonMs > calmEpsilonMs && tries < mostSettled; tries++) {
    const since = now();
    // oxlint-disable-next-line no-await-in-loop
    await delay(settleMs);
    // oxlint-disable-next-line no-await-in-loop
    epsilonMs = await current(since, settledSamples);
  }
  return epsilonMs;
};
