// Limits of time: one cut alone says only "limit"; silence and a stream that flows together say which (verdicts.md, "cause"). Pure.
import { againOf } from "../sweep.ts";
import type { ArmTrace, Exchange, Trace } from "../trace.ts";
import type { Ending, Facet, Limit, Verdict } from "../verdict.ts";
import { terminalOf } from "./terminal.ts";
import type { Tolerance } from "./tolerance.ts";
import type { HopView } from "./view.ts";
import { lastActivity } from "./view.ts";

type EndingFacet = Extract<Facet, { facet: "ending" }>;

/** An arm of a trial that may have been cut by a limit of time. */
interface Run {
  trace: ArmTrace;
  cut: EndingFacet | null;
  /** When the hop did it that is to blame; the arm's end where nobody is. */
  cutAt: number;
  /** From the client's request to the end of what it got. */
  ageMs: number;
  /** How far a moment in it may be from where it belongs. */
  slackMs: number;
}

/** Whether they are the same limit: a timer's tick, and what the machine did to either. */
const near = (a: number, b: number, slackMs: number): boolean => Math.abs(a - b) <= Math.max(slackMs, 0.1 * Math.max(a, b));

const causeOf = ({ finding }: EndingFacet): string | null => ("cause" in finding ? finding.cause : null);
const isLimit = (facet: EndingFacet): boolean => ["limit-unclassified", "first-byte-limit"].includes(causeOf(facet) ?? "");
const isOpen = (facet: EndingFacet): boolean => causeOf(facet) === "limit-unclassified";
const afterMs = (finding: Ending): number => ("afterMs" in finding ? finding.afterMs : 0);

const tells = ({ finding: { member } }: EndingFacet): Verdict["limits"][number]["tells"] =>
  member === "incomplete-silent"
    ? "silent"
    : member === "error-response" || member === "no-response" || member === "hung"
      ? member
      : "visible";

/** What the first client's exchange brought on a hop's input and on its output. */
const around = ({ exchanges }: ArmTrace, nodes: readonly string[], hop: string | null): { input?: Exchange; output?: Exchange } => {
  const of = (wanted: number): Exchange | undefined =>
    exchanges.findLast(({ link, client }) => link === wanted && (client === 0 || client === null));
  const place = nodes.indexOf(hop ?? "");
  const [input, output] = [of(place - 1), of(place)];
  return { ...(input ? { input } : {}), ...(output ? { output } : {}) };
};

const runOf = (trace: ArmTrace, cut: EndingFacet | null, nodes: readonly string[], { baseMs, stillMs }: Tolerance): Run => {
  const atClient = trace.exchanges.filter(({ client }) => client === 0 || client === null).toSorted((a, b) => b.link - a.link)[0];
  const { input, output } = around(trace, nodes, cut?.culprit ?? null);
  const from = (cut ? atClient?.request.at : null) ?? trace.startedAt;
  // A client that waits in vain does so from the moment at which the hop let go of its upstream.
  const cutAt = (cut?.finding.member === "hung" ? input && terminalOf(input, trace).at : output?.end.at) ?? trace.endedAt;
  const to = (cut ? (cut.finding.member === "hung" ? cutAt : atClient?.end.at) : null) ?? trace.endedAt;
  return { trace, cut, cutAt, ageMs: to - from, slackMs: 4 * baseMs + stillMs(from, to) };
};

/** So many gaps a stream has to have shown before what ended it is told by them. */
const leastGaps = 2;

/** When the input of the hop that cut it brought something that did not come too late: of a hop that passes things on, what was followed
 *  by something that it did. One that was made to stand still ends a connection before it looks at what came meanwhile. */
const inputTimes = ({ trace, cut, cutAt }: Run, nodes: readonly string[], epsilonMs: number): number[] => {
  const { input, output } = around(trace, nodes, cut?.culprit ?? null);
  const passed = output?.progress ?? [];
  const until = passed.length >= leastGaps ? (passed.at(-1)?.[0] ?? 0) : cutAt - epsilonMs;
  return (input?.progress ?? []).flatMap(([at]) => (at <= until ? [at] : []));
};

/** It was not cut for its silence: that was no longer than others that it had survived. Nothing is known of a stream that came to the hop
 *  as silence, since one nearer the origin held its records back. */
const survivedGaps = (run: Run, nodes: readonly string[], epsilonMs: number): boolean => {
  const times = inputTimes(run, nodes, epsilonMs);
  const gaps = times.slice(1).map((at, index) => at - (times[index] ?? at));
  return gaps.length >= leastGaps && run.cutAt - (times.at(-1) ?? 0) <= 1.1 * Math.max(...gaps) + epsilonMs;
};

interface Found {
  kind: Limit;
  ms: number;
}

/** What a stream that flowed says of why a silence was cut. */
const whySilence = (silence: Run, cut: EndingFacet, flow: Run, nodes: readonly string[], epsilonMs: number): Found | null => {
  const slackMs = silence.slackMs + flow.slackMs;
  const idle: Found = { kind: "idle-limit", ms: afterMs(cut.finding) };
  const isOlder = (ageMs: number): boolean => ageMs > silence.ageMs && !near(ageMs, silence.ageMs, slackMs);
  if (!flow.cut) return isOlder(flow.ageMs) ? idle : null;
  if (inputTimes(flow, nodes, epsilonMs).length <= leastGaps) return null;
  // What is cut for its age passes nothing on at a greater one, however late a machine lets it be cut.
  const { output } = around(flow.trace, nodes, cut.culprit);
  if (isOlder((output?.progress.at(-1)?.[0] ?? 0) - (output?.request.at ?? 0))) return idle;
  return near(flow.ageMs, silence.ageMs, slackMs) && survivedGaps(flow, nodes, epsilonMs)
    ? { kind: "total-limit", ms: silence.ageMs }
    : null;
};

/** What the silence says of why a stream that flowed was cut. Had that counted records or bytes, the silence would have outlived it. */
const whyFlow = (flow: Run, cut: EndingFacet, silence: Run, nodes: readonly string[], epsilonMs: number): Found | null => {
  const slackMs = silence.slackMs + flow.slackMs;
  // Even its gaps were longer than the silence that is borne, by its origin's doing or by the machine's.
  if (silence.cut && causeOf(silence.cut) === "idle-limit" && near(afterMs(silence.cut.finding), afterMs(cut.finding), slackMs))
    return { kind: "idle-limit", ms: afterMs(cut.finding) };
  const isOutlived = silence.ageMs > flow.ageMs && !near(silence.ageMs, flow.ageMs, slackMs);
  return !isOutlived && survivedGaps(flow, nodes, epsilonMs) ? { kind: "total-limit", ms: flow.ageMs } : null;
};

/** The limit of the same hop that is known from another arm, where it ends this one at the same age or after the same silence, or where
 *  that is this one once more. */
const asElsewhere = ({ ageMs, slackMs }: Run, cut: EndingFacet, endings: readonly EndingFacet[]): Found | null => {
  for (const other of endings) {
    if (other.culprit !== cut.culprit) continue;
    const isSame = other.arm === againOf(cut.arm) || cut.arm === againOf(other.arm);
    const is = (mine: number): boolean => isSame || near(afterMs(other.finding), mine, slackMs);
    if (causeOf(other) === "total-limit" && is(ageMs)) return { kind: "total-limit", ms: ageMs };
    if (causeOf(other) === "idle-limit" && is(afterMs(cut.finding))) return { kind: "idle-limit", ms: afterMs(cut.finding) };
  }
  return null;
};

/** Gives the endings of a silence trial their cause, in place, and lists the limits found; what stays unclassified by the machine's doing
 *  is left open besides. */
export const classifyLimits = (facets: Facet[], { arms, nodes }: Trace, tolerance: Tolerance): Pick<Verdict, "limits" | "undecided"> => {
  const endings = facets.filter((facet): facet is EndingFacet => facet.facet === "ending" && facet.culprit !== null && isLimit(facet));
  const run = (id: string): Run | null => {
    const trace = arms.find(({ arm }) => arm.id === id);
    return trace ? runOf(trace, endings.find(({ arm }) => arm === id) ?? null, nodes, tolerance) : null;
  };
  const tell = (cut: EndingFacet, found: Found | null): void => {
    if (found && "cause" in cut.finding) cut.finding = { ...cut.finding, cause: found.kind, afterMs: found.ms };
  };
  // Only these say something of each other: any other arm that was cut is a run alone.
  for (const cut of endings.filter(({ arm }) => arm.startsWith("silence")))
    for (const role of ["flow", "heartbeats"]) {
      const [silence, flow] = [run(cut.arm), run(cut.arm.replace("silence", role))];
      if (silence && flow && isOpen(cut)) tell(cut, whySilence(silence, cut, flow, nodes, tolerance.baseMs));
    }
  for (const cut of endings.filter(({ arm }) => /^(flow|heartbeats)/.test(arm))) {
    const [flow, silence] = [run(cut.arm), run(cut.arm.replace(/^(flow|heartbeats)/, "silence"))];
    if (flow && silence && isOpen(cut)) tell(cut, whyFlow(flow, cut, silence, nodes, tolerance.baseMs));
  }
  const undecided: Verdict["undecided"] = [];
  for (const cut of endings.filter(isOpen)) {
    const it = run(cut.arm);
    if (!it) continue;
    tell(cut, asElsewhere(it, cut, endings));
    const stillMs = /^(silence|flow|heartbeats)/.test(cut.arm) ? tolerance.stillMs(it.trace.startedAt, it.trace.endedAt) : 0;
    if (isOpen(cut) && stillMs > 0.1 * it.ageMs)
      undecided.push({ facet: "ending", arm: cut.arm, why: whyOpen(cut, stillMs), byMachine: true });
  }

  const limits: Verdict["limits"] = [];
  for (const cut of endings) {
    const kind = causeOf(cut) as Limit | "limit-unclassified";
    if (!limits.some((limit) => limit.kind === kind && limit.culprit === cut.culprit))
      limits.push({ kind, ms: afterMs(cut.finding), culprit: cut.culprit ?? "", tells: tells(cut) });
  }
  return { limits, undecided };
};

const whyOpen = ({ culprit }: EndingFacet, stillMs: number): string =>
  `by which limit ${culprit} cut the response cannot be told: the machine stood still for ${Math.round(stillMs)} ms meanwhile`;

/** The longest that an origin meant to be silent; what waits for somebody else may be silent for ever. */
const plannedSilenceMs = ({ arm }: ArmTrace): number =>
  Math.max(
    0,
    ...arm.script.steps.map((step) => {
      if (step.do === "pause") return step.ms;
      if (step.do === "write") return step.everyMs;
      return step.do === "headers" || step.do === "interim" || step.do === "end" ? 0 : Infinity;
    }),
  );

/** Why a cut accuses nobody: the silence that it followed was longer than any that was planned, by no more than the machine stood still
 *  in it; null where it does. */
export const madeByMachine = (
  finding: Ending,
  { input, output }: HopView,
  arm: ArmTrace,
  { baseMs, stillMs }: Tolerance,
): string | null => {
  if (!("cause" in finding) || (finding.cause !== "limit-unclassified" && finding.cause !== "first-byte-limit")) return null;
  const cutAt = output?.end.at ?? arm.endedAt;
  const passedAt = output?.progress.at(-1)?.[0];
  // What came and was not looked at any more was silence to the hop.
  const silentMs = Math.max(finding.afterMs, input && passedAt !== undefined ? cutAt - lastActivity(input, passedAt) : 0);
  const plannedMs = plannedSilenceMs(arm);
  const stoodMs = stillMs(cutAt - silentMs, cutAt);
  return silentMs > plannedMs + baseMs && silentMs - stoodMs <= 1.1 * plannedMs + baseMs
    ? `the machine stood still for ${Math.round(stoodMs)} ms of the ${Math.round(silentMs)} ms of silence that were cut, where ${Math.round(plannedMs)} ms were planned`
    : null;
};
