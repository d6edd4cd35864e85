// Delivery over up to three attempts of one case. A fault in one attempt may come from the machine; a fault in two does not. Pure.
import { plainTimers } from "../sequels.ts";
import { firstIdOf } from "../case-identity.ts";
import type { Case } from "../script.ts";
import { mostAttempts } from "../sweep.ts";
import type { Delivery, FacetOf, HopObservation, NodeId, Inconclusive } from "../verdict.ts";
import type { Degree } from "./lateness.ts";
import type { Tolerance } from "./tolerance.ts";
import { ms } from "./view.ts";

type Delayed = Extract<Delivery, { member: "delayed" }>;

/** The result of one attempt. */
export type Sight =
  | {
      case: Case;
      state: "found";
      degree: Degree;
      /** One event shows the cause, such as the end, and it explains every second record. */
      isPlain: boolean;
      /** So many releases agree with the cause that they do not do so by chance. */
      isSure: boolean;
      facet: FacetOf<"delivery">;
      /** What it is if the cause was a chance; null where there is no doubt. */
      delayed: Delayed | null;
    }
  | (WithGaps & { case: Case; state: "delayed"; hop: NodeId; degree: Degree; delayed: Delayed; hops: HopObservation<Delivery>[] })
  | (WithGaps & { case: Case; state: "open"; inconclusive: Inconclusive });

interface WithGaps {
  /** The machine became so slow that the gaps, planned before, show no cause: those of the next attempt are wider. */
  wantsWiderGaps?: true;
}

export type Settled = { facet: FacetOf<"delivery"> } | { inconclusive: Inconclusive };

/** How sure one attempt is. `certain`: the cause was seen often enough, and the hold is longer than any delay by the machine. */
type Weight = "pass" | "open" | Degree | "certain";

/** How long a hop held by a timer of its own; null where something else released the records. */
const timerOf = (observation: Delivery): number | null =>
  observation.member === "batched" && (observation.by === "timer" || observation.by === "bytes-or-timer") ? observation.timerMs : null;

const weightOf = (sight: Sight, { baseMs }: Tolerance): Weight => {
  if (sight.state === "open") return "open";
  if (sight.state === "delayed") return sight.degree;
  const { observation } = sight.facet;
  if (observation.member === "incremental") return "pass";
  const timerMs = timerOf(observation);
  const isLong = timerMs === null || timerMs >= plainTimers * baseMs;
  // Where no record is late beyond doubt, even several releases agree by chance: ε is as long as what is looked for.
  return isLong && sight.isSure && (sight.isPlain || sight.degree !== "doubtful") ? "certain" : sight.degree;
};

const culpritOf = (sight: Sight): NodeId | null => {
  if (sight.state === "open") return null;
  return sight.state === "delayed" ? sight.hop : sight.facet.culprit;
};

/** The final result of each attempt, by its id. An attempt that another one overrules is missing. */
export const settleDelivery = (sights: readonly Sight[], toleranceIn: (trialCase: Case) => Tolerance): Map<string, Settled> =>
  new Map(
    [...Map.groupBy(sights, ({ case: trialCase }) => firstIdOf(trialCase)).values()].flatMap(([first, ...later]) =>
      first ? settleCase([first, ...later], toleranceIn) : [],
    ),
  );

const settleCase = (attempts: readonly Sight[], toleranceIn: (trialCase: Case) => Tolerance): [trialCase: string, Settled][] => {
  const weighed = attempts.map((sight) => ({ sight, weight: weightOf(sight, toleranceIn(sight.case)), culprit: culpritOf(sight) }));
  const sightsOf = (...weights: Weight[]): Sight[] => weighed.filter(({ weight }) => weights.includes(weight)).map(({ sight }) => sight);
  const passes = sightsOf("pass");
  const certain = sightsOf("certain");
  if (certain.length > 0) return [...agreeing(certain), ...passes].map(kept);
  const same = repeatedCauses(attempts, Math.max(...attempts.map(({ case: trialCase }) => toleranceIn(trialCase).baseMs)));
  if (same.length > 0) return same.map(kept);
  const accused = inTwo(sightsOf("shown")) ?? inThree(sightsOf("shown", "hint"));
  // Two attempts that disagree about the cause, of which one saw it a few times only, or had no room to see it: a third one decides.
  const isSplit =
    attempts.length < mostAttempts &&
    sightsOf("shown", "hint").some((sight) => (sight.state === "found" ? !sight.isSure : sight.wantsWiderGaps));
  if (accused && !isSplit) return [kept(accused)];
  const doubts = sightsOf("shown", "hint");
  if (passes.length > (doubts.length === 0 ? 0 : doubts.length === 1 ? 1 : Infinity)) return passes.map(kept);
  const open = sightsOf("shown", "hint", "doubtful");
  const last = open.at(-1) ?? attempts.findLast((sight) => sight.state === "open" && sight.wantsWiderGaps);
  const wider = attempts.some((sight) => sight.state !== "found" && sight.wantsWiderGaps) ? { wantsWiderGaps: true as const } : {};
  return last ? [[last.case.id, { inconclusive: openOf(last, attempts.length, wider) }]] : attempts.map(kept);
};

const kept = (sight: Sight): [trialCase: string, Settled] => {
  if (sight.state === "open") return [sight.case.id, { inconclusive: sight.inconclusive }];
  return [sight.case.id, { facet: sight.state === "found" ? sight.facet : facetOf(sight, sight.delayed) }];
};

const facetOf = ({ case: trialCase, hop, hops }: Extract<Sight, { state: "delayed" }>, observation: Delayed): FacetOf<"delivery"> => ({
  facet: "delivery",
  case: trialCase.id,
  observation,
  culprit: hop,
  evidence: "",
  hops: [...hops, { hop, masked: false, observation }],
});

/** A later attempt has more data: where two name different causes, the later one counts. */
const agreeing = (certain: readonly Sight[]): Sight[] => {
  const memberOf = (sight: Sight | undefined): string | null => (sight?.state === "found" ? sight.facet.observation.member : null);
  return certain.filter((sight) => memberOf(sight) === memberOf(certain.at(-1)));
};

/** The same cause at the same hop in two attempts, however short the holds are. */
const repeatedCauses = (attempts: readonly Sight[], epsilonMs: number): Sight[] =>
  attempts.filter((one) => attempts.some((other) => other !== one && isSameCause(one, other, epsilonMs)));

const isSameCause = (one: Sight, other: Sight, epsilonMs: number): boolean => {
  if (one.state !== "found" || other.state !== "found" || one.facet.culprit === null) return false;
  const [observation, otherObservation] = [one.facet.observation, other.facet.observation];
  if (one.facet.culprit !== other.facet.culprit || observation.member !== otherObservation.member) return false;
  const [timerMs, otherMs] = [timerOf(observation), timerOf(otherObservation)];
  if (timerMs === null || otherMs === null)
    return timerMs === otherMs && isSameSize(observation, otherObservation) && isSameRate(observation, otherObservation);
  return Math.abs(otherMs - timerMs) <= Math.max(epsilonMs, timerMs / 4);
};

/** Intervals of bytes overlap, or nearly so: the flood shows a count to a factor of two. */
const isSameSize = (one: Delivery, other: Delivery): boolean => {
  if (one.member !== "batched" || other.member !== "batched" || one.by !== "bytes" || other.by !== "bytes") return true;
  return one.atLeastBytes <= 2 * other.atMostBytes && other.atLeastBytes <= 2 * one.atMostBytes;
};

const isSameRate = (one: Delivery, other: Delivery): boolean =>
  one.member !== "throttled" ||
  other.member !== "throttled" ||
  Math.abs(one.bytesPerSecond - other.bytesPerSecond) <= Math.max(one.bytesPerSecond, other.bytesPerSecond) / 4;

const inTwo = (shown: readonly Sight[]): Sight | null => ofOneHop(shown, 2);
/** Too few records in each attempt, but some in every attempt. */
const inThree = (hinted: readonly Sight[]): Sight | null => ofOneHop(hinted, mostAttempts);

const ofOneHop = (sights: readonly Sight[], times: number): Sight | null => {
  const [most] = [...Map.groupBy(sights, culpritOf).values()].toSorted((a, b) => b.length - a.length);
  // That it is late, all of them show; what released the records, one of them may show better.
  const best = most?.findLast((sight) => sight.state === "found" && sight.isSure) ?? most?.at(-1);
  return !most || !best || most.length < times ? null : withoutChance(best, most.length);
};

/** A cause that no other attempt repeats was a chance: what is left of it is that records were late. */
const withoutChance = (sight: Sight, attempts: number): Sight => {
  if (sight.state === "delayed") return { ...sight, delayed: { ...sight.delayed, attempts } };
  if (sight.state === "open" || sight.isSure || sight.delayed === null || sight.facet.culprit === null) return sight;
  const { case: trialCase, degree, delayed, facet } = sight;
  const hop = facet.culprit as NodeId;
  const hops = facet.hops.filter((one) => one.hop !== hop);
  return { case: trialCase, state: "delayed", hop, degree, delayed: { ...delayed, attempts }, hops };
};

const openOf = (sight: Sight, attempts: number, wider: Pick<Inconclusive, "wantsWiderGaps">): Inconclusive => {
  const isLast = attempts >= mostAttempts || sight.case.attempt >= mostAttempts;
  return {
    facet: "delivery",
    case: sight.case.id,
    why: sight.state === "open" ? sight.inconclusive.why : `${whyOpen(sight)}, and no second attempt showed it`,
    byMachine: true,
    ...(isLast ? {} : { isOpenToAttempt: true as const, ...wider }),
  };
};

const whyOpen = (sight: Exclude<Sight, { state: "open" }>): string => {
  if (sight.state === "delayed") {
    const { late, of, worstMs } = sight.delayed;
    return `${sight.hop} held ${late} of ${of} records for up to ${Math.round(worstMs)} ms`;
  }
  const timerMs = timerOf(sight.facet.observation);
  return timerMs === null
    ? `one attempt showed ${sight.facet.culprit} ${sight.facet.observation.member}`
    : `${sight.facet.culprit} released each record ${ms(timerMs)} late`;
};
