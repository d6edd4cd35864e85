// Limits of time: one cut alone says only "limit"; silence and heartbeats together say which (verdicts.md, "cause").
import type { ArmTrace, Trace } from "../trace.ts";
import type { Ending, EndingCause, Facet, Limit, Verdict } from "../verdict.ts";
import { ms as inWords } from "./view.ts";

/** How near two times must be to be the same limit: a timer's tick, and the tolerance of both cuts. */
const near = (a: number, b: number, epsilonMs: number): boolean => Math.abs(a - b) <= Math.max(4 * epsilonMs, 0.1 * Math.max(a, b));

type EndingFacet = Extract<Facet, { facet: "ending" }>;

/** From the client's request to the end of what it got, or to the moment from which it waited in vain. */
const cutAfterStart = (arm: ArmTrace, { finding }: EndingFacet): number => {
  const atClient = arm.exchanges.filter(({ client }) => client === 0 || client === null).toSorted((a, b) => b.link - a.link)[0];
  const waitedMs = finding.member === "hung" ? finding.atLeastMs : 0;
  return (atClient?.end.at ?? arm.endedAt) - (atClient?.request.at ?? arm.startedAt) - waitedMs;
};

const isLimit = (facet: EndingFacet): boolean => {
  const { finding } = facet;
  return "cause" in finding && (finding.cause === "limit-unclassified" || finding.cause === "first-byte-limit");
};

const tells = (facet: EndingFacet): Verdict["limits"][number]["tells"] =>
  facet.finding.member === "incomplete-silent"
    ? "silent"
    : facet.finding.member === "error-response"
      ? "error-response"
      : facet.finding.member === "no-response" || facet.finding.member === "hung"
        ? facet.finding.member
        : "visible";

/** Whether heartbeats came as far as this hop: one nearer the origin may hold them, and then it knows nothing but silence. */
const heard = ({ exchanges }: ArmTrace, nodes: readonly string[], hop: string, limitMs: number): boolean => {
  const input = exchanges.findLast(({ link, client }) => link === nodes.indexOf(hop) - 1 && (client === 0 || client === null));
  const [first] = input?.progress[0] ?? [];
  const [last] = input?.progress.at(-1) ?? [];
  return first !== undefined && last !== undefined && last - first >= limitMs / 4;
};

/** The stream that flowed beside a silence: null where there was none, or where it says nothing of why the silence was cut. */
const besideOf = (arm: ArmTrace, arms: readonly ArmTrace[], endings: readonly EndingFacet[], nodes: readonly string[]): Beside | null => {
  if (!arm.arm.id.startsWith("silence")) return null;
  const id = arm.arm.id.replace("silence", "flow");
  const flow = arms.find((candidate) => candidate.arm.id === id);
  if (!flow) return null;
  const cut = endings.find((facet) => facet.arm === id);
  if (!cut) return { lastedMs: flow.endedAt - flow.startedAt, cut: null };
  return survivedGaps(flow, nodes, cut) ? { lastedMs: cutAfterStart(flow, cut), cut } : null;
};

interface Beside {
  lastedMs: number;
  cut: EndingFacet | null;
}

/** A stream that flowed was not cut for its silence: that was no longer than others that it had survived. */
const survivedGaps = ({ exchanges }: ArmTrace, nodes: readonly string[], { culprit, finding }: EndingFacet): boolean => {
  const input = exchanges.findLast(({ link, client }) => link === nodes.indexOf(culprit ?? "") - 1 && (client === 0 || client === null));
  const times = input?.progress.map(([at]) => at) ?? [];
  const gaps = times.slice(1).map((at, index) => at - (times[index] ?? at));
  return gaps.length >= leastGaps && "afterMs" in finding && finding.afterMs <= 1.1 * Math.max(...gaps);
};

const leastGaps = 2;

/** Where even its gaps were longer than the silence that is borne. */
const isIdle = (endings: readonly EndingFacet[], silence: ArmTrace | undefined, { finding }: EndingFacet, epsilonMs: number): boolean => {
  const known = endings.find((facet) => facet.arm === silence?.arm.id)?.finding;
  if (!known || !("cause" in known) || !("afterMs" in known) || !("afterMs" in finding)) return false;
  return known.cause === "idle-limit" && near(known.afterMs, finding.afterMs, epsilonMs);
};

/** Whether it was open longer than that. */
const outlived = (arm: ArmTrace, endings: readonly EndingFacet[], ms: number, epsilonMs: number): boolean => {
  const cut = endings.find((facet) => facet.arm === arm.arm.id);
  const lastedMs = cut ? cutAfterStart(arm, cut) : arm.endedAt - arm.startedAt;
  return lastedMs > ms && !near(lastedMs, ms, epsilonMs);
};

/** Gives the endings of a silence trial their cause, in place, and lists the limits found. */
export const classifyLimits = (facets: Facet[], { arms, nodes }: Trace, epsilonMs: number): Verdict["limits"] => {
  const endings = facets.filter((facet): facet is EndingFacet => facet.facet === "ending" && facet.culprit !== null && isLimit(facet));
  const limits: Verdict["limits"] = [];
  for (const facet of endings) {
    if (!("cause" in facet.finding) || !("afterMs" in facet.finding) || facet.culprit === null) continue;
    const arm = arms.find((candidate) => candidate.arm.id === facet.arm);
    if (!arm) continue;
    // Only these two say something of each other: any other arm that was cut is a run alone.
    const beats = /^(silence|heartbeats)/.test(facet.arm) ? facet.arm.replace("silence", "heartbeats") : null;
    const heartbeat = arms.find((candidate) => candidate.arm.id === beats);
    const beaten = endings.find((other) => other.arm === beats);
    const flow = besideOf(arm, arms, endings, nodes);
    let kind: Limit | "limit-unclassified" = facet.finding.cause === "first-byte-limit" ? "first-byte-limit" : "limit-unclassified";
    let ms = facet.finding.afterMs;
    if (kind === "limit-unclassified" && flow) {
      const total = cutAfterStart(arm, facet);
      if (flow.cut && near(flow.lastedMs, total, epsilonMs)) {
        kind = "total-limit";
        ms = total;
      } else if (flow.lastedMs > total) kind = "idle-limit";
    } else if (kind === "limit-unclassified" && facet.arm.startsWith("flow")) {
      // Had it counted records or bytes, silence would have outlived it.
      const silence = arms.find((candidate) => candidate.arm.id === facet.arm.replace("flow", "silence"));
      const total = cutAfterStart(arm, facet);
      if (silence && survivedGaps(arm, nodes, facet) && !outlived(silence, endings, total, epsilonMs)) {
        kind = "total-limit";
        ms = total;
      } else if (isIdle(endings, silence, facet, epsilonMs)) kind = "idle-limit";
    } else if (kind === "limit-unclassified" && heartbeat) {
      const total = cutAfterStart(arm, facet);
      if (!beaten && facet.arm !== beats && heartbeat.endedAt - heartbeat.startedAt >= 2.5 * ms) kind = "idle-limit";
      else if (beaten && near(cutAfterStart(heartbeat, beaten), total, epsilonMs) && heard(heartbeat, nodes, facet.culprit, ms)) {
        kind = "total-limit";
        ms = total;
      }
    }
    facet.finding = { ...facet.finding, cause: kind, afterMs: ms };
    if (!limits.some((limit) => limit.kind === kind && limit.culprit === facet.culprit))
      limits.push({ kind, ms, culprit: facet.culprit, tells: tells(facet) });
  }
  return limits;
};

/** Tells limits by the clock of the servers, which ran so many times faster than the lab's: of endings in place, and of those listed.
 *  Nothing else scales: what a hop does without a clock of its own, or by the kernel's, takes as long as ever. */
export const byServersClock = (facets: readonly Facet[], limits: Verdict["limits"], timeScale: number): Verdict["limits"] => {
  if (timeScale === 1) return limits;
  const scaled = (finding: Ending): Ending =>
    "cause" in finding && isTimed(finding.cause) ? { ...finding, afterMs: finding.afterMs * timeScale } : finding;
  for (const facet of facets) {
    if (facet.facet !== "ending") continue;
    facet.finding = scaled(facet.finding);
    facet.hops = facet.hops.map((hop) => (hop.masked ? hop : { ...hop, finding: scaled(hop.finding) }));
  }
  return limits.map((limit) => ({ ...limit, ms: limit.ms * timeScale }));
};

/** What the evidence of a limit says besides, where it was found in less time than it lasts. */
export const howMeasured = ({ facet, finding }: Facet, timeScale: number): string =>
  timeScale !== 1 && facet === "ending" && "cause" in finding && isTimed(finding.cause)
    ? `; by a clock that ran ${timeScale} times faster that took ${inWords(finding.afterMs / timeScale)}`
    : "";

const isTimed = (cause: EndingCause): boolean => cause.endsWith("-limit") || cause === "limit-unclassified";
