// A case that a hop cut: when, at which age, and whether the machine may have caused it. Pure.
import type { CaseRole } from "../case-identity.ts";
import { applicationNonce, controlEveryMs } from "../recording.ts";
import type { CaseTrace, Trace } from "../trace.ts";
import type { Ending, Facet } from "../verdict.ts";
import { terminalOfInput } from "./terminal.ts";
import type { Tolerance } from "./tolerance.ts";
import { atClient, caseIn, hopsOf, lastActivity } from "./view.ts";
import type { HopView } from "./view.ts";

export type EndingFacet = Extract<Facet, { facet: "ending" }>;

export const causeOf = ({ observation }: EndingFacet): string | null => ("cause" in observation ? observation.cause : null);
export const isLimit = (facet: EndingFacet): boolean =>
  ["unclassified", "first-byte-timeout", "write-timeout"].includes(causeOf(facet) ?? "");
export const isUnclassified = (facet: Facet): boolean => facet.facet === "ending" && causeOf(facet) === "unclassified";
export const afterMs = (observation: Ending): number => ("afterMs" in observation ? observation.afterMs : 0);

/** A case that a hop cut. */
export interface Cut {
  facet: EndingFacet;
  case: CaseTrace;
  view: HopView;
  /** When the hop did it. */
  at: number;
  /** From the client's request to the end of what it got. */
  ageMs: number;
  /** How far the same limit may be from this age in another case. */
  slackMs: number;
  /** Why the machine may have caused it; null if it did not. */
  doubt: string | null;
}

/** For a hung client, the moment at which the hop closed its upstream connection. */
const cutAt = ({ member }: Ending, { input, output }: HopView, trialCase: CaseTrace): number =>
  (member === "hung" ? input && terminalOfInput(input, trialCase).at : output?.end.at) ?? trialCase.endedAt;

export const cutOf = (facet: EndingFacet, trace: Trace, isHeld: boolean, tolerance: Tolerance): Cut | null => {
  const { baseMs, enclosingMs } = tolerance;
  const trialCase = caseIn(trace, facet.case);
  const view = trialCase && hopsOf(trace, trialCase, 0).find(({ hop }) => hop === facet.culprit);
  if (!trialCase || !view) return null;
  const at = cutAt(facet.observation, view, trialCase);
  const seen = atClient(trace, trialCase, 0);
  const from = seen?.request.at ?? trialCase.startedAt;
  const to = facet.observation.member === "hung" ? at : (seen?.end.at ?? at);
  // A standstill shifts the start or the end of a timer only if it lies around that moment.
  const aroundMs = (moment: number): number => enclosingMs(moment - 4 * baseMs, moment + 4 * baseMs);
  return {
    facet,
    case: trialCase,
    view,
    at,
    ageMs: to - from,
    slackMs: 4 * baseMs + aroundMs(from) + aroundMs(to),
    doubt: doubtOf({ facet, case: trialCase, view, at }, trace, isHeld, tolerance),
  };
};

/** The last input that the hop had read. After a standstill a hop may fire its timeout before it reads what arrived meanwhile. */
export const lastSeen = (
  { view: { hop, input, output }, at }: Pick<Cut, "view" | "at">,
  { baseMs, stillMs, waitedMs }: Tolerance,
): number => {
  const passed = output?.progress.at(-1)?.[0];
  const unseen = input?.progress.find(([came]) => passed !== undefined && came > passed && came < at - baseMs)?.[0];
  // A busy hop always waits a little. It is blind only if it has waited ever since.
  const idleMs = unseen === undefined ? 0 : waitedMs(hop, unseen, at);
  const waitedOn = unseen !== undefined && idleMs > baseMs && at - unseen - idleMs <= baseMs + 4 * controlEveryMs;
  const isBlind = passed !== undefined && (waitedOn || stillMs(passed, at) > baseMs);
  return input ? lastActivity(input, isBlind ? passed : at - baseMs) : at;
};

/** Only these two explain each other; a cut in any other case stands alone. */
export const part = ({ role }: { role: CaseRole }): "silence" | "flow" | null =>
  role === "silence" ? "silence" : role === "flow" || role === "heartbeats" ? "flow" : null;

/** The longest silence that the script plans. A step that waits for another side, and an application, may be silent forever. */
const plannedSilenceMs = ({ case: trialCase, origin }: CaseTrace): number =>
  Math.max(
    origin[0]?.nonce === applicationNonce ? Infinity : 0,
    ...trialCase.script.steps.map((step) => {
      if (step.do === "pause") return step.ms;
      if (step.do === "write") return step.everyMs;
      return step.do === "headers" || step.do === "interim" || step.do === "end" ? 0 : Infinity;
    }),
  );

/** The script sends the header section without waiting for anything. */
const answersAtOnce = ({ case: trialCase, origin }: CaseTrace): boolean =>
  origin[0]?.nonce !== applicationNonce && trialCase.script.steps[0]?.do === "headers";

/** The longest silence of the origin that reaches into an interval; 0 if its bytes were not taken. */
const originSilenceMs = ({ origin: [origin] }: CaseTrace, from: number, to: number): number => {
  if (!origin || origin.bytesTaken < origin.bytesWritten) return 0;
  const until = Math.min(to, origin.endedAt ?? to);
  const moments = [origin.startedAt, origin.headersAt ?? origin.startedAt, ...origin.writes.map(({ at }) => at), until].filter(
    (at) => at <= until,
  );
  return Math.max(0, ...moments.map((at, index) => (at > from ? at - (moments[index - 1] ?? at) : 0)));
};

/** Why no hop is blamed for a cut that no limit explains: it followed a silence longer than any planned one, and no hop that holds records
 *  caused that silence. Null if the hop is to blame. `isHeld`: some hop of this case holds records. */
const doubtOf = (
  { facet, case: trialCase, view, at }: Pick<Cut, "facet" | "case" | "view" | "at">,
  trace: Trace,
  isHeld: boolean,
  tolerance: Tolerance,
): string | null => {
  const isFirstByte = causeOf(facet) === "first-byte-timeout";
  // Where the script answers at once, a first-byte timeout shows that something was late. The timer of a hop may start with its client's
  // request, before the lab has read that of the hop.
  const isUnplanned = isFirstByte && answersAtOnce(trialCase);
  const requestedAt = isUnplanned && view.inputs.length === 1 ? view.output?.request.at : undefined;
  const last = isFirstByte ? (requestedAt ?? at - afterMs(facet.observation)) : lastSeen({ view, at }, tolerance);
  const [silentMs, plannedMs] = [at - last, isUnplanned ? 0 : plannedSilenceMs(trialCase)];
  if (silentMs <= plannedMs + tolerance.baseMs) return null;
  const figures = `of the ${Math.round(silentMs)} ms of silence before the cut; ${Math.round(plannedMs)} ms were planned`;
  const hops = hopsOf(trace, trialCase, 0);
  const upTo = hops.slice(0, hops.findIndex(({ hop }) => hop === view.hop) + 1);
  const stoodMs = Math.max(...upTo.map(({ hop }) => tolerance.waitedMs(hop, last, at)));
  // Standstills are known to within two control messages, and the lab's own waits to within two samples.
  const mostMs = plannedMs + tolerance.baseMs + 4 * controlEveryMs;
  if (stoodMs > tolerance.baseMs && silentMs - stoodMs <= mostMs)
    return `the machine stood still for ${Math.round(Math.min(stoodMs, silentMs))} ms ${figures}`;
  const lateMs = originSilenceMs(trialCase, last, at) - plannedMs;
  if (lateMs > tolerance.baseMs && silentMs - lateMs <= mostMs) return `the origin was ${Math.round(lateMs)} ms late ${figures}`;
  // Bytes reached a hop nearer the origin and stopped there once, in a chain that holds nothing else. Planned silence is not concerned.
  const cameTo = ({ input }: HopView): number => (input ? lastActivity(input, at - tolerance.baseMs) : -Infinity);
  const [first] = hops;
  const isFurther = first !== undefined && first.hop !== view.hop && cameTo(view) < cameTo(first);
  const isHalt = isFurther && !isHeld && part(trialCase.case) === null && !isFirstByte;
  return isHalt ? `a hop nearer the origin paused once, for an unknown reason, during some ${figures}` : null;
};
