// The input of the rules of a facet: one case, its hops on the way of one client's request, and the tolerance. Pure.
import type { CaseTrace, Trace } from "../trace.ts";
import type { HopObservation, NodeId } from "../verdict.ts";
import type { Tolerance } from "./tolerance.ts";
import { hopsOf } from "./view.ts";
import type { HopView } from "./view.ts";

export interface CaseView {
  trace: Trace;
  case: CaseTrace;
  hops: readonly HopView[];
  tolerance: Tolerance;
}

export const caseView = (trace: Trace, trialCase: CaseTrace, tolerance: Tolerance, client = 0): CaseView => ({
  trace,
  case: trialCase,
  hops: hopsOf(trace, trialCase, client),
  tolerance,
});

export const present = <T>(observations: readonly (T | null)[]): T[] => observations.filter((observation) => observation !== null);

export type Shown<M> = Extract<HopObservation<M>, { masked: false }>;

/** The observation that counts for the client: the first that is wanted, else the first of a hop that is not masked. */
export const pick = <M>(
  observations: readonly HopObservation<M>[],
  isWanted: (observation: M) => boolean,
): { hop: NodeId; observation: M } | null => {
  const shown = observations.filter((one): one is Shown<M> => !one.masked);
  return shown.find(({ observation }) => isWanted(observation)) ?? shown[0] ?? null;
};
