// Delivery in one attempt: the worst that any hop did to its own input. Pure.
import { applicationNonce } from "../recording.ts";
import type { CaseTrace } from "../trace.ts";
import type { Delivery, HopObservation, NodeId } from "../verdict.ts";
import type { Sight } from "./attempts.ts";
import { plainly, sureTimes } from "./release/release.ts";
import { judgeDelivery } from "./delivery.ts";
import type { DeliveryObservation } from "./delivery.ts";
import type { Degree } from "./lateness.ts";
import type { Tolerance } from "./tolerance.ts";
import type { HopView } from "./view.ts";

type Masked = Extract<DeliveryObservation, { masked: true }>;

const severity = { incremental: 0, delayed: 1, lagging: 2, throttled: 3, batched: 4, buffered: 5 } satisfies Record<
  Delivery["member"],
  number
>;

/** The client sees the worst that any hop did; of two equal hops the one nearer the origin did it first. */
const worstOf = (observations: readonly HopObservation<Delivery>[]): { hop: NodeId; observation: Delivery } | null => {
  let worst: { hop: NodeId; observation: Delivery } | null = null;
  for (const observation of observations)
    if (!observation.masked && (!worst || severity[observation.observation.member] > severity[worst.observation.member]))
      worst = observation;
  return worst;
};

const observationsOf = (views: readonly HopView[], trialCase: CaseTrace, tolerance: Tolerance): DeliveryObservation[] =>
  views.flatMap((view) => judgeDelivery(view, trialCase, tolerance) ?? []);

/** A client that reads slowly on purpose does not test delivery. */
const isSlowOnPurpose = ({ case: trialCase }: CaseTrace): boolean =>
  trialCase.clients.some(({ stall, readBytesPerSecond }) => stall !== undefined || readBytesPerSecond !== null);

/** Null where delivery is not tested. */
export const sightOf = (trialCase: CaseTrace, views: readonly HopView[], tolerance: Tolerance): Sight | null => {
  const { id } = trialCase.case;
  if (isSlowOnPurpose(trialCase)) return null;
  const observations = observationsOf(views, trialCase, tolerance);
  const caused = observations.filter((observation) => "cause" in observation);
  const delayed = observations.flatMap((one) => ("delayed" in one && !("cause" in one) ? [one] : []));
  const open = observations.find((observation) => "inconclusive" in observation);
  const hops = observations.flatMap((observation): HopObservation<Delivery>[] => {
    if ("masked" in observation) return [observation];
    return "cause" in observation ? [{ hop: observation.hop, masked: false, observation: observation.cause }] : [];
  });
  const sightOfCause = (worst: { hop: NodeId; observation: Delivery } | null, degree: Degree): Sight | null =>
    worst && {
      case: trialCase.case,
      state: "found",
      degree,
      isPlain: caused.some(({ hop, isBroad, times }) => hop === worst.hop && isBroad && times === plainly),
      isSure: caused.every(({ hop, times }) => hop !== worst.hop || times >= sureTimes),
      delayed: caused.find(({ hop }) => hop === worst.hop)?.delayed ?? null,
      facet: {
        facet: "delivery",
        case: id,
        observation: worst.observation,
        culprit: worst.observation.member === "incremental" ? null : worst.hop,
        evidence: "",
        hops,
      },
    };
  const sightOfDelay = (degree: Degree): Sight | null => {
    const late = delayed.find((one) => one.degree === degree);
    return late ? { case: trialCase.case, state: "delayed", ...late, hops } : null;
  };
  const ofDegree = (degree: Degree): Sight | null => {
    const worst = worstOf(
      caused.flatMap((one) =>
        (one.isBroad ? "shown" : one.degree) === degree ? [{ hop: one.hop, masked: false as const, observation: one.cause }] : [],
      ),
    );
    return sightOfCause(worst, caused.find(({ hop }) => hop === worst?.hop)?.degree ?? degree) ?? sightOfDelay(degree);
  };
  const inconclusive: Sight | null = open
    ? {
        case: trialCase.case,
        state: "open",
        ...(open.wantsWiderGaps ? { wantsWiderGaps: true } : {}),
        inconclusive: {
          facet: "delivery",
          case: id,
          why: `${open.hop}: ${open.inconclusive}`,
          ...(open.byMachine ? { byMachine: true } : {}),
        },
      }
    : null;
  const plain = worstOf(hops.filter((observation) => observation.masked || !caused.some(({ hop }) => hop === observation.hop)));
  // With an application, a hop that passes nothing on shows only at the end of the trial.
  const seen = plain !== null && plain.observation.member !== "incremental" ? sightOfCause(plain, "shown") : null;
  return seen ?? ofDegree("shown") ?? ofDegree("hint") ?? inconclusive ?? ofDegree("doubtful") ?? sightOfCause(plain, "doubtful");
};

/** The hop through which the records of an application could not be followed. */
export const maskedIn = (views: readonly HopView[], trialCase: CaseTrace, tolerance: Tolerance): Masked | null =>
  trialCase.origin[0]?.nonce === applicationNonce
    ? (observationsOf(views, trialCase, tolerance).find(
        (observation): observation is Masked => "masked" in observation && observation.masked,
      ) ?? null)
    : null;
