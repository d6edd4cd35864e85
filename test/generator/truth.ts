// What a plan implies, independent of the judge: how long its hop holds ordinary records, and so the expected verdict.
import type { Case } from "../../harness/model/script.ts";
import type { Trace } from "../../harness/model/trace.ts";
import { firstCases } from "../../harness/model/first-cases.ts";
import type { Plan } from "./plan.ts";
import { hopId, traceOfPlan } from "./simulated.ts";

/** late: never passes, and is not inconclusive on a calm machine. harmless: not blamed. */
export type Claim = "late" | "harmless";

/** A hold this long is late on every machine that is fit for measuring. */
const lateMs = 100;
/** The longest hold of a harmless hop, in addition to the transit of a straight pipe. */
const harmlessMs = 3;
const shareLate = 1 / 8;

export const casesOf = ({ trial }: Plan, epsilonMs: number): Case[] =>
  firstCases(trial, { request: {}, response: {}, epsilonMs, limitMs: null });

/** The flood of a lock-step: written only if it failed, last in the script. */
const floodRecords = 11;

const ordinaryOf = ({ script: { steps, body } }: Case): number =>
  body.recordBytes.length - (steps.some((step) => step.do === "lock-step") ? floodRecords : 0);

/** How long the hop held each ordinary record that reached it. */
const heldMs = (trace: Trace): number[] => {
  const link = trace.nodes.indexOf(hopId);
  return trace.cases.flatMap(({ case: trialCase, exchanges }) => {
    const [into, out] = [link - 1, link].map((number) => exchanges.find((exchange) => exchange.link === number)?.records ?? []);
    return (into ?? []).slice(0, ordinaryOf(trialCase)).flatMap((at, record) => (at === null ? [] : [(out?.[record] ?? Infinity) - at]));
  });
};

/** Whether an ordinary record left the hop before the flood and before the end, in each attempt. */
export const someLeftInTime = (trace: Trace): boolean => {
  const link = trace.nodes.indexOf(hopId);
  return trace.cases.every(({ case: trialCase, exchanges }) => {
    const [into, out] = [link - 1, link].map((number) => exchanges.find((exchange) => exchange.link === number));
    const untilAt = into?.records[ordinaryOf(trialCase)] ?? into?.end.at ?? Infinity;
    return (out?.records ?? []).slice(0, ordinaryOf(trialCase)).some((at) => at !== null && at < untilAt);
  });
};

/** A hop that holds everything for two seconds after its upstream's end is hung, too. */
const mostSilentMs = 1900;

const fallsSilent = ({ nodes, cases }: Trace): boolean => {
  const link = nodes.indexOf(hopId);
  return cases.some(({ exchanges }) => {
    const endedAt = exchanges.find((exchange) => exchange.link === link - 1)?.end.at ?? 0;
    const out = exchanges.find((exchange) => exchange.link === link)?.progress ?? [];
    const times = [endedAt, ...out.map(([at]) => at).filter((at) => at > endedAt)];
    return times.some((at, index) => at - (times[index - 1] ?? at) > mostSilentMs);
  });
};

const claimOfTrace = (trace: Trace): Claim | null => {
  if (fallsSilent(trace)) return null;
  const held = heldMs(trace);
  if (held.every((ms) => ms <= harmlessMs)) return "harmless";
  const late = held.filter((ms) => ms >= lateMs);
  return late.length >= 2 && late.length >= shareLate * held.length ? "late" : null;
};

/** Null if it depends on the machine: then nothing is claimed. */
export const claimOf = (plan: Plan): Claim | null => {
  const claims = [5, 12].flatMap((epsilonMs) =>
    [
      { leastMs: 0.05, mostMs: 0.1 },
      { leastMs: 0.2, mostMs: 1.5 },
    ].map((transit, seed) => claimOfTrace(traceOfPlan(plan, casesOf(plan, epsilonMs), transit, 100 + 10 * seed))),
  );
  const [first = null] = claims;
  return claims.every((claim) => claim === first) ? first : null;
};
