// Limits of time: one cut alone says only "limit"; silence and a stream that flows together say which (verdicts.md, "cause"). Pure.
import { applicationNonce, controlEveryMs } from "../recording.ts";
import { againOf, isAgain, roleOf } from "../sweep.ts";
import type { ArmTrace, Trace } from "../trace.ts";
import type { Ending, Facet, Limit, Verdict } from "../verdict.ts";
import { terminalOf } from "./terminal.ts";
import type { Tolerance } from "./tolerance.ts";
import type { HopView } from "./view.ts";
import { atClient, hopsOf, lastActivity } from "./view.ts";

type EndingFacet = Extract<Facet, { facet: "ending" }>;

const causeOf = ({ finding }: EndingFacet): string | null => ("cause" in finding ? finding.cause : null);
const isLimit = (facet: EndingFacet): boolean => ["limit-unclassified", "first-byte-limit"].includes(causeOf(facet) ?? "");
export const isUnclassified = (facet: Facet): boolean => facet.facet === "ending" && causeOf(facet) === "limit-unclassified";
const afterMs = (finding: Ending): number => ("afterMs" in finding ? finding.afterMs : 0);

const tells = ({ finding: { member } }: EndingFacet): Verdict["limits"][number]["tells"] =>
  member === "incomplete-silent"
    ? "silent"
    : member === "error-response" || member === "no-response" || member === "hung"
      ? member
      : "visible";

/** An arm that a hop cut. */
interface Cut {
  facet: EndingFacet;
  arm: ArmTrace;
  view: HopView;
  /** When the hop did it. */
  at: number;
  /** From the client's request to the end of what it got. */
  ageMs: number;
  /** How far from that the same limit may end another arm. */
  slackMs: number;
  /** Why it may be the machine's doing; null if it is not. */
  excuse: string | null;
}

/** A client that waits in vain does so from the moment at which the hop let go of its upstream. */
const cutAt = ({ member }: Ending, { input, output }: HopView, arm: ArmTrace): number =>
  (member === "hung" ? input && terminalOf(input, arm).at : output?.end.at) ?? arm.endedAt;

const cutOf = (facet: EndingFacet, trace: Trace, isHeld: boolean, tolerance: Tolerance): Cut | null => {
  const { baseMs, enclosingMs } = tolerance;
  const arm = trace.arms.find((one) => one.arm.id === facet.arm);
  const view = arm && hopsOf(trace, arm, 0).find(({ hop }) => hop === facet.culprit);
  if (!arm || !view) return null;
  const at = cutAt(facet.finding, view, arm);
  const seen = atClient(trace, arm, 0);
  const from = seen?.request.at ?? arm.startedAt;
  const to = facet.finding.member === "hung" ? at : (seen?.end.at ?? at);
  // A timer starts and ends as much later as the machine stands still just then, and by nothing that lies between.
  const aroundMs = (moment: number): number => enclosingMs(moment - 4 * baseMs, moment + 4 * baseMs);
  return {
    facet,
    arm,
    view,
    at,
    ageMs: to - from,
    slackMs: 4 * baseMs + aroundMs(from) + aroundMs(to),
    excuse: excuseOf({ facet, arm, view, at }, trace, isHeld, tolerance),
  };
};

/** Whether they are the same limit: a timer's tick, and what the machine did to either. */
const near = (a: number, b: number, slackMs: number): boolean => Math.abs(a - b) <= Math.max(slackMs, 0.1 * Math.max(a, b));

/** How old an arm was when a hop last passed something on. */
const passedMs = (arm: ArmTrace, hop: string | null, trace: Trace): number => {
  const output = hopsOf(trace, arm, 0).find((view) => view.hop === hop)?.output;
  return (output?.progress.at(-1)?.[0] ?? 0) - (output?.request.at ?? 0);
};

/** What is cut for its age passes nothing on at a greater one, however late a machine lets it be cut. */
const outlived = (arm: ArmTrace, { ageMs, facet }: Cut, trace: Trace, { baseMs }: Tolerance): boolean => {
  const passed = passedMs(arm, facet.culprit, trace);
  return passed > ageMs && !near(passed, ageMs, 4 * baseMs);
};

/** From the last that came in and was looked at: a hop that was made to stand still ends a connection before it looks at what came. */
const lastSeen = ({ view: { hop, input, output }, at }: Pick<Cut, "view" | "at">, { baseMs, stillMs, waitedMs }: Tolerance): number => {
  const passed = output?.progress.at(-1)?.[0];
  const isBlind = passed !== undefined && Math.max(stillMs(passed, at), waitedMs(hop, passed, at)) > baseMs;
  return input ? lastActivity(input, isBlind ? passed : at - baseMs) : at;
};

/** Fewer gaps than that say nothing of what a stream survived: it may have come to the hop as silence, held back nearer the origin. */
const leastGaps = 2;

/** It was not cut for its silence: that was no longer than others that it had survived, or clearly shorter than what the same hop bore. */
const survivedGaps = (flow: Cut, silence: Cut | null, tolerance: Tolerance): boolean => {
  const last = lastSeen(flow, tolerance);
  const times = (flow.view.input?.progress ?? []).flatMap(([at]) => (at <= last ? [at] : []));
  const gaps = times.slice(1).map((at, index) => at - (times[index] ?? at));
  const borneMs = silence?.facet.culprit === flow.facet.culprit ? afterMs(silence.facet.finding) : 0;
  const mostMs = Math.max(1.1 * Math.max(...gaps) + tolerance.baseMs, 0.9 * borneMs - 4 * tolerance.baseMs);
  return gaps.length >= leastGaps && flow.at - last <= mostMs;
};

interface Found {
  kind: Limit;
  ms: number;
}

/** What a stream that flowed says of why a silence was cut. */
const whySilence = (silence: Cut, flow: ArmTrace, flowCut: Cut | null, trace: Trace, tolerance: Tolerance): Found | null => {
  if (outlived(flow, silence, trace, tolerance)) return { kind: "idle-limit", ms: afterMs(silence.facet.finding) };
  if (flowCut?.facet.culprit !== silence.facet.culprit) return null;
  return near(flowCut.ageMs, silence.ageMs, Math.max(silence.slackMs, flowCut.slackMs)) && survivedGaps(flowCut, silence, tolerance)
    ? { kind: "total-limit", ms: silence.ageMs }
    : null;
};

/** What the silence says of why a stream that flowed was cut. Had that counted records or bytes, the silence would have outlived it. */
const whyFlow = (flow: Cut, silence: ArmTrace, silenceCut: Cut | null, trace: Trace, tolerance: Tolerance): Found | null => {
  if (survivedGaps(flow, silenceCut, tolerance)) {
    const isOlder =
      silenceCut !== null &&
      silenceCut.ageMs > flow.ageMs &&
      !near(silenceCut.ageMs, flow.ageMs, Math.max(silenceCut.slackMs, flow.slackMs));
    return isOlder || outlived(silence, flow, trace, tolerance) ? null : { kind: "total-limit", ms: flow.ageMs };
  }
  // Even its gaps were longer than the silence that is borne, by its origin's doing or by the machine's.
  const silentMs = flow.at - lastSeen(flow, tolerance);
  return silenceCut?.facet.culprit === flow.facet.culprit &&
    causeOf(silenceCut.facet) === "idle-limit" &&
    near(afterMs(silenceCut.facet.finding), silentMs, Math.max(silenceCut.slackMs, flow.slackMs))
    ? { kind: "idle-limit", ms: silentMs }
    : null;
};

/** What is known of the same hop from the same arm once more, or from another that was cut at the same age or after the same silence. */
const asElsewhere = ({ facet, ageMs, slackMs }: Cut, others: readonly EndingFacet[]): Found | null => {
  const silentMs = afterMs(facet.finding);
  for (const other of others) {
    if (other.culprit !== facet.culprit) continue;
    const isSame = other.arm === againOf(facet.arm) || facet.arm === againOf(other.arm);
    const is = (mine: number): boolean => isSame || near(afterMs(other.finding), mine, slackMs);
    if (causeOf(other) === "total-limit" && is(ageMs)) return { kind: "total-limit", ms: ageMs };
    if (causeOf(other) === "idle-limit" && is(silentMs)) return { kind: "idle-limit", ms: silentMs };
  }
  return null;
};

/** Only these say something of each other: any other arm that was cut is a run alone. */
const role = (id: string): "silence" | "flow" | null => {
  const [word] = roleOf(id).split("-");
  return word === "silence" ? "silence" : word === "flow" || word === "heartbeats" ? "flow" : null;
};

/** Gives the endings of a silence trial their cause, in place, and lists the limits found. A cut that no limit explains and that the machine
 *  made is undecided. What stays unclassified although it was played twice, or although the machine stood still in it, is listed as undecided
 *  besides: that it was cut is certain. */
export const classifyLimits = (verdict: Verdict, trace: Trace, tolerance: Tolerance): void => {
  const { facets } = verdict;
  const endings = facets.filter((facet): facet is EndingFacet => facet.facet === "ending" && facet.culprit !== null && isLimit(facet));
  const isHeldIn = (id: string): boolean =>
    facets.some((facet) => facet.facet === "delivery" && facet.arm === id && facet.finding.member !== "incremental");
  const cuts = endings.flatMap((facet) => cutOf(facet, trace, isHeldIn(facet.arm), tolerance) ?? []);
  // What the machine may have made explains nothing else.
  const cutIn = (id: string): Cut | null => cuts.find(({ facet, excuse }) => facet.arm === id && excuse === null) ?? null;
  const armOf = (id: string): ArmTrace | undefined => trace.arms.find(({ arm }) => arm.id === id);
  const tell = ({ facet, excuse }: Cut, found: Found | null): void => {
    if (found && (excuse === null || found.kind === "idle-limit") && "cause" in facet.finding)
      facet.finding = { ...facet.finding, cause: found.kind, afterMs: found.ms };
  };
  const open = (wanted: "silence" | "flow"): Cut[] => cuts.filter(({ facet }) => role(facet.arm) === wanted && isUnclassified(facet));

  for (const silence of open("silence"))
    for (const word of ["flow", "heartbeats"]) {
      const id = silence.facet.arm.replace("silence", word);
      const flow = armOf(id);
      if (flow && isUnclassified(silence.facet)) tell(silence, whySilence(silence, flow, cutIn(id), trace, tolerance));
    }
  for (const flow of open("flow")) {
    const id = flow.facet.arm.replace(/^(flow|heartbeats)/, "silence");
    const silence = armOf(id);
    if (silence) tell(flow, whyFlow(flow, silence, cutIn(id), trace, tolerance));
  }
  for (const cut of cuts.filter(({ facet }) => isUnclassified(facet))) tell(cut, asElsewhere(cut, endings));
  const excused = cuts.flatMap(({ facet, excuse }): Verdict["undecided"] => {
    if (excuse === null || !isLimit(facet)) return [];
    facets.splice(facets.indexOf(facet), 1);
    return [{ facet: "ending", arm: facet.arm, why: excuse, byMachine: true }];
  });
  const untold = [...open("silence"), ...open("flow")].flatMap(({ facet, arm, view, ageMs }): Verdict["undecided"] => {
    if (!facets.includes(facet)) return [];
    // Any of these may have come between two arms that should explain each other.
    const stoodMs = tolerance.stillMs(arm.startedAt, arm.endedAt);
    const isDisturbed = Math.max(stoodMs, tolerance.waitedMs(view.hop, arm.startedAt, arm.endedAt), 2 * tolerance.worstMs) > 0.1 * ageMs;
    const besides =
      stoodMs > 0.1 * ageMs
        ? `the machine stood still for ${Math.round(stoodMs)} ms meanwhile`
        : "the machine was busy, and it was played twice";
    const why = `by which limit ${facet.culprit} cut the response cannot be told: ${besides}`;
    return stoodMs > 0.1 * ageMs || (isDisturbed && isAgain(facet.arm)) ? [{ facet: "ending", arm: facet.arm, why, byMachine: true }] : [];
  });
  verdict.undecided.push(...excused, ...untold);
  for (const facet of endings) {
    const kind = causeOf(facet) as Limit | "limit-unclassified";
    if (facets.includes(facet) && !verdict.limits.some((limit) => limit.kind === kind && limit.culprit === facet.culprit))
      verdict.limits.push({ kind, ms: afterMs(facet.finding), culprit: facet.culprit ?? "", tells: tells(facet) });
  }
};

/** The longest that an origin meant to be silent; what waits for somebody else may be silent for ever, and so may an application. */
const plannedSilenceMs = ({ arm, origin }: ArmTrace): number =>
  Math.max(
    origin[0]?.nonce === applicationNonce ? Infinity : 0,
    ...arm.script.steps.map((step) => {
      if (step.do === "pause") return step.ms;
      if (step.do === "write") return step.everyMs;
      return step.do === "headers" || step.do === "interim" || step.do === "end" ? 0 : Infinity;
    }),
  );

/** The longest for which the origin sent nothing, of the times that reach into an interval; 0 where nobody took what it had written. */
const originSilenceMs = ({ origin: [origin] }: ArmTrace, from: number, to: number): number => {
  if (!origin || origin.bytesTaken < origin.bytesWritten) return 0;
  const until = Math.min(to, origin.endedAt ?? to);
  const moments = [origin.startedAt, origin.headersAt ?? origin.startedAt, ...origin.writes.map(({ at }) => at), until].filter(
    (at) => at <= until,
  );
  return Math.max(0, ...moments.map((at, index) => (at > from ? at - (moments[index - 1] ?? at) : 0)));
};

/** Why a cut that no limit explains accuses nobody: the silence that it followed was longer than any that was planned, and no hop that
 *  holds back made it; null where it does accuse. `isHeld`: some hop of this arm was seen to hold back. */
const excuseOf = (
  { facet, arm, view, at }: Pick<Cut, "facet" | "arm" | "view" | "at">,
  trace: Trace,
  isHeld: boolean,
  tolerance: Tolerance,
): string | null => {
  const last = causeOf(facet) === "first-byte-limit" ? at - afterMs(facet.finding) : lastSeen({ view, at }, tolerance);
  const [silentMs, plannedMs] = [at - last, plannedSilenceMs(arm)];
  if (silentMs <= plannedMs + tolerance.baseMs) return null;
  const figures = `of the ${Math.round(silentMs)} ms of silence that were cut, where ${Math.round(plannedMs)} ms were planned`;
  const hops = hopsOf(trace, arm, 0);
  const upTo = hops.slice(0, hops.findIndex(({ hop }) => hop === view.hop) + 1);
  const stoodMs = Math.max(...upTo.map(({ hop }) => tolerance.waitedMs(hop, last, at)));
  // A standstill is known to two messages of the control, and what the lab did to two samples.
  const mostMs = plannedMs + tolerance.baseMs + 4 * controlEveryMs;
  if (stoodMs > tolerance.baseMs && silentMs - stoodMs <= mostMs) return `the machine stood still for ${Math.round(stoodMs)} ms ${figures}`;
  const lateMs = originSilenceMs(arm, last, at) - plannedMs;
  if (lateMs > tolerance.baseMs && silentMs - lateMs <= mostMs) return `the origin was ${Math.round(lateMs)} ms late ${figures}`;
  // It came into a hop nearer the origin, and no further, in a chain in which nothing else is held back. Silence is sent to be cut.
  const cameTo = ({ input }: HopView): number => (input ? lastActivity(input, at - tolerance.baseMs) : -Infinity);
  const [first] = hops;
  const isFurther = first !== undefined && first.hop !== view.hop && cameTo(view) < cameTo(first);
  const isHalt = isFurther && !isHeld && role(facet.arm) === null && causeOf(facet) !== "first-byte-limit";
  return isHalt ? `a hop nearer the origin came to a halt, for once and for no cause that was seen, in some ${figures}` : null;
};
