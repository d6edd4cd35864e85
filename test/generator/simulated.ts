// A plan as a simulated trace: the origin waits for its client as in the lab, and the hop holds by its pattern.
import { recordOffsets } from "../../harness/model/body.ts";
import type { Case } from "../../harness/model/script.ts";
import type { Trace } from "../../harness/model/trace.ts";
import { createHolding } from "../mutants/_pattern.ts";
import type { Pattern } from "../mutants/_pattern.ts";
import { randomFrom } from "../mutants/_random.ts";
import { traceOf } from "../unit/model/judge/traces.ts";
import type { Flow, Hop, OriginRun } from "../unit/model/judge/traces.ts";
import type { Plan } from "./plan.ts";

/** The transit of a hop, random for each piece, as on a calm machine. */
export interface Transit {
  leastMs: number;
  mostMs: number;
}

const calm: Transit = { leastMs: 0.1, mostMs: 0.9 };

export const hopId = "patterned";

/** For a flow without an end yet: what would leave if nothing more arrived. */
const holding =
  (pattern: Pattern, { leastMs, mostMs }: Transit, seed: number): Hop =>
  (input) => {
    const random = randomFrom(seed);
    const held = createHolding(pattern, input.headersAt);
    const progress: [at: number, bytes: number][] = [];
    const lastAt = (): number => progress.at(-1)?.[0] ?? -Infinity;
    let total = 0;
    const leave = (until: number): void => {
      while (held.nextAt <= until && held.nextAt < Infinity) {
        const at = held.nextAt;
        total += held.leave(at).reduce((sum, bytes) => sum + bytes, 0);
        progress.push([Math.max(lastAt(), at + leastMs + random() * (mostMs - leastMs)), total]);
      }
    };
    let came = 0;
    for (const [at, bytes] of input.progress) {
      leave(at);
      held.wrote(at, bytes - came);
      came = bytes;
      leave(at);
    }
    if (input.end.at < Infinity) {
      leave(input.end.at);
      held.ended(input.end.at);
    }
    leave(Number.MAX_VALUE);
    const end = { ...input.end, at: Math.max(lastAt(), input.end.at + leastMs) };
    return { headersAt: input.headersAt + leastMs, progress, end };
  };

/** Runs a script of headers, pauses, writes and lock-steps, confirmed by the output of the last hop. */
const runThrough =
  (hops: readonly Hop[]) =>
  (trialCase: Case): OriginRun => {
    const offsets = recordOffsets(trialCase.script.body.recordBytes);
    const flow: Flow = { headersAt: 0, progress: [], end: { at: Infinity, kind: "last-chunk", codingComplete: null } };
    const writes: OriginRun["writes"] = [];
    let at = 0;
    let unacknowledged: OriginRun["unacknowledged"] = null;
    const write = (): number => {
      const records = writes.push({ at, records: writes.length + 1 });
      flow.progress.push([at, offsets[records] ?? 0]);
      return offsets[records] ?? 0;
    };
    const confirmedAt = (bytes: number): number => {
      const out = hops.reduce((input, hop) => hop(input), flow);
      return out.progress.find(([, total]) => total >= bytes)?.[0] ?? Infinity;
    };
    const lockStep = (patienceMs: number): void => {
      const bytes = write();
      // After a missing confirmation the rest is written immediately.
      if (unacknowledged !== null) return;
      const confirmed = confirmedAt(bytes);
      if (confirmed > at + patienceMs) unacknowledged = { record: writes.length - 1, at: (at += patienceMs) };
      else at = confirmed + 0.5;
    };
    for (const step of trialCase.script.steps) {
      if ("only" in step && unacknowledged === null) continue;
      if (step.do === "headers") flow.headersAt = at;
      else if (step.do === "pause") at += step.ms;
      else if (step.do === "lock-step") for (let index = 0; index < step.records; index++) lockStep(step.patienceMs);
      else if (step.do === "write")
        for (let index = 0; index < step.records; index++) {
          if (index > 0) at += step.everyMs;
          write();
        }
    }
    return { flow: { ...flow, end: { ...flow.end, at } }, writes, aborted: false, unacknowledged };
  };

/** One trace of a plan; `cases`: the cases of its trial so far. */
export const traceOfPlan = ({ pattern, trial, before, after }: Plan, cases: Case[], transit: Transit = calm, seed = 1): Trace => {
  const pipes = (from: number, count: number): [string, Pattern][] =>
    Array.from({ length: count }, (_, index) => [`http-pipe-${from + index}`, { hold: { by: "nothing" } }]);
  const chain: [string, Pattern][] = [...pipes(1, before), [hopId, pattern], ...pipes(before + 1, after)];
  const hops = Object.fromEntries(chain.map(([name, one], index) => [name, holding(one, transit, seed + index)]));
  const first: Hop = holding({ hold: { by: "nothing" } }, transit, seed - 1);
  return traceOf(trial, hops, { cases, originOf: runThrough([first, ...Object.values(hops)]) });
};
