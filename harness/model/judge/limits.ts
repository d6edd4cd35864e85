// Timeouts: one cut alone shows only that there is a limit; a silent and a flowing stream together show which (verdicts.md, "cause"). Pure.
import { isBeside, isFurtherAttempt, isSameCase } from "../case-identity.ts";
import type { CaseRole } from "../case-identity.ts";
import type { CaseTrace, Trace } from "../trace.ts";
import type { Inconclusive, Limit, Verdict } from "../verdict.ts";
import { afterMs, causeOf, cutOf, isLimit, isUnclassified, lastSeen, part } from "./cut.ts";
import type { Cut, EndingFacet } from "./cut.ts";
import type { Tolerance } from "./tolerance.ts";
import { caseIn, hopsOf } from "./view.ts";

const seenAs = ({ observation: { member } }: EndingFacet): Verdict["limits"][number]["seenAs"] =>
  member === "truncated-silently"
    ? "silent"
    : member === "error-response" || member === "no-response" || member === "hung"
      ? member
      : "visible";

/** Whether two times can be the same limit, given the tick of a timer and the delays of the machine. */
const near = (a: number, b: number, slackMs: number): boolean => Math.abs(a - b) <= Math.max(slackMs, 0.1 * Math.max(a, b));

/** How old a case was when a hop last passed something on. */
const passedMs = (trialCase: CaseTrace, hop: string | null, trace: Trace): number => {
  const output = hopsOf(trace, trialCase, 0).find((view) => view.hop === hop)?.output;
  return (output?.progress.at(-1)?.[0] ?? 0) - (output?.request.at ?? 0);
};

/** Bytes that pass at a greater age than the cut exclude a total timeout, however late the machine lets it fire. */
const outlived = (trialCase: CaseTrace, { ageMs, facet }: Cut, trace: Trace, { baseMs }: Tolerance): boolean => {
  const passed = passedMs(trialCase, facet.culprit, trace);
  return passed > ageMs && !near(passed, ageMs, 4 * baseMs);
};

/** With fewer gaps the stream may have been silence to this hop, because a hop nearer the origin held it. */
const leastGaps = 2;

/** The cut was not for silence: the last gap was no longer than gaps it survived, or clearly shorter than a silence that the same hop survived. */
const survivedGaps = (flow: Cut, silence: Cut | null, tolerance: Tolerance): boolean => {
  const last = lastSeen(flow, tolerance);
  const times = (flow.view.input?.progress ?? []).flatMap(([at]) => (at <= last ? [at] : []));
  const gaps = times.slice(1).map((at, index) => at - (times[index] ?? at));
  const borneMs = silence?.facet.culprit === flow.facet.culprit ? afterMs(silence.facet.observation) : 0;
  const mostMs = Math.max(1.1 * Math.max(...gaps) + tolerance.baseMs, 0.9 * borneMs - 4 * tolerance.baseMs);
  return gaps.length >= leastGaps && flow.at - last <= mostMs;
};

interface Found {
  kind: Limit;
  ms: number;
}

/** Why the silence was cut, as far as the flowing stream shows it. */
const whySilence = (silence: Cut, flow: CaseTrace, flowCut: Cut | null, trace: Trace, tolerance: Tolerance): Found | null => {
  if (outlived(flow, silence, trace, tolerance)) return { kind: "idle-timeout", ms: afterMs(silence.facet.observation) };
  if (flowCut?.facet.culprit !== silence.facet.culprit) return null;
  return near(flowCut.ageMs, silence.ageMs, Math.max(silence.slackMs, flowCut.slackMs)) && survivedGaps(flowCut, silence, tolerance)
    ? { kind: "total-timeout", ms: silence.ageMs }
    : null;
};

/** Why the flowing stream was cut, as far as the silence shows it. A limit on records or bytes would not have cut the silence. */
const whyFlow = (flow: Cut, silence: CaseTrace, silenceCut: Cut | null, trace: Trace, tolerance: Tolerance): Found | null => {
  if (survivedGaps(flow, silenceCut, tolerance)) {
    const isOlder =
      silenceCut !== null &&
      silenceCut.ageMs > flow.ageMs &&
      !near(silenceCut.ageMs, flow.ageMs, Math.max(silenceCut.slackMs, flow.slackMs));
    return isOlder || outlived(silence, flow, trace, tolerance) ? null : { kind: "total-timeout", ms: flow.ageMs };
  }
  // Its gaps were longer than the idle timeout, because of the origin or of the machine.
  const silentMs = flow.at - lastSeen(flow, tolerance);
  return silenceCut?.facet.culprit === flow.facet.culprit &&
    causeOf(silenceCut.facet) === "idle-timeout" &&
    near(afterMs(silenceCut.facet.observation), silentMs, Math.max(silenceCut.slackMs, flow.slackMs))
    ? { kind: "idle-timeout", ms: silentMs }
    : null;
};

/** The limit of the same hop as another attempt shows it, or another case that was cut at the same age or after the same silence. */
const asElsewhere = ({ facet, case: own, ageMs, slackMs }: Cut, others: readonly EndingFacet[], trace: Trace): Found | null => {
  const silentMs = afterMs(facet.observation);
  for (const other of others) {
    if (other.culprit !== facet.culprit) continue;
    const its = caseIn(trace, other.case)?.case;
    const isSame = its !== undefined && isSameCase(own.case, its) && Math.abs(own.case.attempt - its.attempt) === 1;
    const is = (mine: number): boolean => isSame || near(afterMs(other.observation), mine, slackMs);
    if (causeOf(other) === "total-timeout" && is(ageMs)) return { kind: "total-timeout", ms: ageMs };
    if (causeOf(other) === "idle-timeout" && is(silentMs)) return { kind: "idle-timeout", ms: silentMs };
  }
  return null;
};

/** Gives the endings of a silence trial their cause, in place, and lists the limits found. A cut that the machine may have caused is
 *  inconclusive. A cut that stays unclassified after a second attempt, or after a standstill, is listed as an ending and as inconclusive: that
 *  the hop cut is certain. */
export const classifyLimits = (verdict: Verdict, trace: Trace, tolerance: Tolerance): void => {
  const { facets } = verdict;
  const endings = facets.filter((facet): facet is EndingFacet => facet.facet === "ending" && facet.culprit !== null && isLimit(facet));
  const isHeldIn = (id: string): boolean =>
    facets.some((facet) => facet.facet === "delivery" && facet.case === id && facet.observation.member !== "incremental");
  const cuts = endings.flatMap((facet) => cutOf(facet, trace, isHeldIn(facet.case), tolerance) ?? []);
  nameCauses(cuts, endings, trace, tolerance);
  const doubted = cuts.flatMap(({ facet, doubt }): Verdict["inconclusive"] => {
    if (doubt === null || !isLimit(facet)) return [];
    facets.splice(facets.indexOf(facet), 1);
    return [{ facet: "ending", case: facet.case, why: doubt, byMachine: true }];
  });
  const unnamed = openCuts(cuts).flatMap((cut) => (facets.includes(cut.facet) ? (unnamedBy(cut, tolerance) ?? []) : []));
  verdict.inconclusive.push(...doubted, ...unnamed);
  for (const facet of endings) {
    const kind = causeOf(facet) as Limit | "unclassified";
    if (!facets.includes(facet) || verdict.limits.some((limit) => limit.kind === kind && limit.culprit === facet.culprit)) continue;
    const cut = cuts.find((one) => one.facet === facet);
    verdict.limits.push({
      kind,
      ms: afterMs(facet.observation),
      uncertaintyMs: cut ? uncertaintyOf(cut, kind, tolerance) : 2 * tolerance.baseMs,
      culprit: facet.culprit ?? "",
      seenAs: seenAs(facet),
    });
  }
};

/** How far off a measured timeout may be: ε where it begins, and where it ends. That of a first byte may begin with the client's request,
 *  before the lab has read what the hop made of it; of a second attempt at the upstream that says nothing. */
const uncertaintyOf = (cut: Cut, kind: Limit | "unclassified", tolerance: Tolerance): number => {
  const { facet, at, view } = cut;
  const aroundMs = 4 * tolerance.baseMs;
  const epsilonAt = (moment: number): number => tolerance.of(view.hop, moment - aroundMs, moment + aroundMs);
  const [input] = view.inputs;
  const isFirstByte = kind === "first-byte-timeout" && view.inputs.length === 1;
  const passedOnMs = isFirstByte && input && view.output ? Math.max(0, input.request.at - view.output.request.at) : 0;
  return epsilonAt(at - afterMs(facet.observation)) + epsilonAt(at) + passedOnMs;
};

/** The cuts of silences and of flowing streams whose limit is not known yet, silences first. */
const openCuts = (cuts: readonly Cut[]): Cut[] => [...openOf("silence", cuts), ...openOf("flow", cuts)];

const openOf = (wanted: "silence" | "flow", cuts: readonly Cut[]): Cut[] =>
  cuts.filter((cut) => part(cut.case.case) === wanted && isUnclassified(cut.facet));

/** Compares the cuts with each other, and names their causes in place. */
const nameCauses = (cuts: readonly Cut[], endings: readonly EndingFacet[], trace: Trace, tolerance: Tolerance): void => {
  // A cut that the machine may have caused explains no other.
  const cutIn = ({ case: { id } }: CaseTrace): Cut | null => cuts.find(({ facet, doubt }) => facet.case === id && doubt === null) ?? null;
  const beside = ({ case: own }: Cut, role: CaseRole): CaseTrace | undefined =>
    trace.cases.find((one) => one.case.role === role && isBeside(one.case, own.case));
  for (const silence of openOf("silence", cuts))
    for (const role of ["flow", "heartbeats"] as const) {
      const flow = beside(silence, role);
      if (flow && isUnclassified(silence.facet)) name(silence, whySilence(silence, flow, cutIn(flow), trace, tolerance));
    }
  for (const flow of openOf("flow", cuts)) {
    const silence = beside(flow, "silence");
    if (silence) name(flow, whyFlow(flow, silence, cutIn(silence), trace, tolerance));
  }
  for (const cut of cuts.filter(({ facet }) => isUnclassified(facet))) name(cut, asElsewhere(cut, endings, trace));
};

const name = ({ facet, doubt }: Cut, found: Found | null): void => {
  if (found && (doubt === null || found.kind === "idle-timeout") && "cause" in facet.observation)
    facet.observation = { ...facet.observation, cause: found.kind, afterMs: found.ms };
};

/** The machine is why the limit of a cut is not known; null if it is not. */
const unnamedBy = ({ facet, case: trialCase, view, ageMs }: Cut, tolerance: Tolerance): Inconclusive | null => {
  // Each of these can make two cases incomparable.
  const stoodMs = tolerance.stillMs(trialCase.startedAt, trialCase.endedAt);
  const isDisturbed =
    Math.max(stoodMs, tolerance.waitedMs(view.hop, trialCase.startedAt, trialCase.endedAt), 2 * tolerance.worstMs) > 0.1 * ageMs;
  const besides =
    stoodMs > 0.1 * ageMs ? `the machine stood still for ${Math.round(stoodMs)} ms meanwhile` : "the machine was busy in both attempts";
  const why = `${facet.culprit} cut the response, and its kind of timeout is not known: ${besides}`;
  return stoodMs > 0.1 * ageMs || (isDisturbed && isFurtherAttempt(trialCase.case))
    ? { facet: "ending", case: facet.case, why, byMachine: true }
    : null;
};
