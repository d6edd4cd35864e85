// From a trace to its verdict: every facet that the trace tests, at the client, with the hop to blame. Pure.
import { applicationNonce } from "../recording.ts";
import type { ArmTrace, Trace } from "../trace.ts";
import type { Delivery, Disconnect, Facet, FacetName, Headers, HopFinding, Members, NodeId, Verdict } from "../verdict.ts";
import { judgeDelivery } from "./delivery.ts";
import { judgeDisconnect, testsDisconnect } from "./disconnect.ts";
import { judgeEnding } from "./ending.ts";
import { evidenceOf } from "./evidence.ts";
import { judgeHeaders } from "./headers.ts";
import { judgeIntegrity } from "./integrity.ts";
import { classifyLimits } from "./limits.ts";
import { byServersClock, howMeasured } from "./servers-clock.ts";
import { judgeSource } from "./source.ts";
import { aloneMs } from "../sequels.ts";
import { againOf } from "../sweep.ts";
import { seenTwice } from "./twice.ts";
import type { Tolerance } from "./tolerance.ts";
import { leastEpsilonMs, toleranceOf } from "./tolerance.ts";
import type { HopView } from "./view.ts";
import { arrivals, hopsOf, median, ms } from "./view.ts";

/** Judges a trace: the same trace gives the same verdict, always. Never throws on a trace that its schema allows. */
export const judge = (trace: Trace): Verdict => {
  const verdict: Verdict = { facets: [], undecided: [], limits: [] };
  if (trace.harnessFault !== null) return verdict;
  const tolerance = toleranceOf(trace);
  for (const arm of trace.arms) judgeArm(trace, arm, tolerance, verdict);
  seenTwice(verdict, tolerance.baseMs);
  classifyLimits(verdict, trace, tolerance);
  // What the same arm showed once more counts.
  verdict.undecided = verdict.undecided.filter(
    ({ facet, arm }) => !verdict.facets.some((one) => one.facet === facet && one.arm === againOf(arm)),
  );
  verdict.limits = byServersClock(verdict.facets, verdict.limits, trace.timeScale);
  sameClock(verdict.facets, tolerance.baseMs);
  // The evidence of an ending names its cause, which only the whole trial tells.
  for (const facet of verdict.facets)
    facet.evidence = facet.evidence === "" ? evidenceOf(facet) + howMeasured(facet, trace.timeScale) : facet.evidence;
  return verdict;
};

/** A clock of a hop's own shows the same time whether anything is written meanwhile or not: a write that happens to come just then did
 *  not do it. */
const sameClock = (facets: Facet[], epsilonMs: number): void => {
  for (const facet of facets) {
    if (facet.facet !== "disconnect" || facet.finding.member !== "on-next-write") continue;
    const { afterMs } = facet.finding;
    const isClock = facets.some(
      ({ facet: name, finding, culprit }) =>
        name === "disconnect" &&
        finding.member === "late" &&
        culprit === facet.culprit &&
        Math.abs(finding.afterMs - afterMs) <= Math.max(2 * epsilonMs, 0.1 * afterMs),
    );
    if (isClock) facet.finding = { member: "late", afterMs };
  }
};

const judgeArm = (trace: Trace, arm: ArmTrace, tolerance: Tolerance, verdict: Verdict): void => {
  const id = arm.arm.id;
  const views = hopsOf(trace, arm, 0);
  const leaving = testsDisconnect(arm);

  const delivery = leaving ? [] : present(views.map((view) => judgeDelivery(view, arm, tolerance)));
  const undecidedHop = delivery.find((finding) => "undecided" in finding);
  const decided = delivery.filter((finding): finding is HopFinding<Delivery> => "masked" in finding);
  const worst = worstDelivery(decided);
  const tooNarrow = worst
    ? gapTooNarrow(
        arm,
        tolerance,
        worst.finding,
        views.find(({ hop }) => hop === worst.hop),
        trace.origin === "application",
      )
    : null;
  if (worst && worst.finding.member !== "incremental" && tooNarrow) verdict.undecided.push({ facet: "delivery", arm: id, ...tooNarrow });
  else if (undecidedHop && "undecided" in undecidedHop && (!worst || worst.finding.member === "incremental"))
    verdict.undecided.push({
      facet: "delivery",
      arm: id,
      why: `${undecidedHop.hop}: ${undecidedHop.undecided}`,
      ...(undecidedHop.byMachine ? { byMachine: true } : {}),
    });
  else if (worst)
    verdict.facets.push({
      facet: "delivery",
      arm: id,
      finding: worst.finding,
      culprit: worst.finding.member === "incremental" ? null : worst.hop,
      evidence: "",
      hops: decided,
    });

  const heldMs = originHeldMs(arm);
  const headersFound = present(views.map((view) => judgeHeaders(view, arm, heldMs, tolerance)));
  const headers = headersFound.filter((finding): finding is HopFinding<Headers> => "masked" in finding);
  const openHeaders = headersFound.find((finding) => "undecided" in finding);
  if (heldMs >= aloneMs && heldMs < 4 * tolerance.baseMs)
    verdict.undecided.push({
      facet: "headers",
      arm: id,
      why: `the origin held its body for ${Math.round(heldMs)} ms, which is under four times ε (${Math.round(tolerance.baseMs)} ms)`,
      byMachine: true,
    });
  const held = pick(headers, ({ member }) => member === "held") ?? pick(headers, () => true);
  if (openHeaders && "undecided" in openHeaders && held?.finding.member !== "held" && !leaving)
    verdict.undecided.push({ facet: "headers", arm: id, why: `${openHeaders.hop}: ${openHeaders.undecided}`, byMachine: true });
  else if (held && !leaving) push(verdict, "headers", id, held.finding, held.finding.member === "held" ? held.hop : null, headers);

  if (!leaving) pushEnding(verdict, arm, views, tolerance);

  const integrity = present(views.map((view) => judgeIntegrity(view)));
  const altered = pick(integrity, ({ member }) => member === "altered") ?? pick(integrity, () => true);
  if (altered && !leaving)
    push(verdict, "integrity", id, altered.finding, altered.finding.member === "altered" ? altered.hop : null, integrity);

  if (!leaving) pushSources(verdict, trace, arm);

  if (leaving) {
    const told = present(views.map((view) => judgeDisconnect(view, arm, tolerance)));
    const disconnect = told.filter((finding): finding is HopFinding<Disconnect> => "masked" in finding);
    const open = told.find((finding) => "undecided" in finding);
    const bad =
      disconnect.findLast((finding) => !finding.masked && finding.finding.member === "lost") ??
      disconnect.findLast((finding) => !finding.masked && finding.finding.member !== "at-once") ??
      disconnect.findLast((finding) => !finding.masked);
    const finding = bad && !bad.masked ? bad.finding : null;
    if (open && "undecided" in open && (finding === null || finding.member === "at-once"))
      verdict.undecided.push({
        facet: "disconnect",
        arm: id,
        why: `${open.hop}: ${open.undecided}`,
        byMachine: true,
        withinMs: open.withinMs,
      });
    else if (bad && finding) push(verdict, "disconnect", id, finding, finding.member === "at-once" ? null : bad.hop, disconnect);
  }
  if (trace.origin !== "application") return;
  if (leaves(arm)) sayNothingToLeave(verdict, arm);
  else sayNothingToPass(verdict, arm, decided, tolerance);
};

/** Every client that got another's body has a facet of its own; if none did, one says so for all. */
const pushSources = (verdict: Verdict, trace: Trace, arm: ArmTrace): void => {
  if (trace.timeScale !== 1) {
    verdict.undecided.push({ facet: "source", arm: arm.arm.id, why: `stores age ${trace.timeScale} times faster with their clock` });
    return;
  }
  const found = present(arm.arm.clients.map((_, client) => judgeSource(trace, arm, client)));
  const others = found.filter(({ finding }) => finding.member !== "origin");
  // Whose body it is can be told of one with a nonce.
  const told = trace.origin === "application" ? others.filter(({ finding }) => finding.member === "asked") : others;
  for (const source of told.length > 0 || trace.origin === "application" ? told : found.slice(0, 1))
    verdict.facets.push({ facet: "source", arm: arm.arm.id, ...source, hops: [] });
};

/** An application that sends all at once gives no hop anything to hold back. */
const sayNothingToPass = (verdict: Verdict, arm: ArmTrace, decided: readonly HopFinding<Delivery>[], tolerance: Tolerance): void => {
  const { id } = arm.arm;
  const [sent] = arm.origin;
  if ([...verdict.facets, ...verdict.undecided].some(({ facet, arm: of }) => facet === "delivery" && of === id)) return;
  const given = arm.exchanges.find(({ link }) => link === 0);
  const times = sent?.writes.map(({ at }) => at) ?? [];
  const [first] = times;
  const masked = decided.find((finding) => finding.masked);
  // The application's side closes last where it was let go of in mid-stream.
  const [closed] = given?.closings ?? [];
  const isUnfinished = given?.end.kind === "open" || (closed?.by === "downstream" && (given?.end.at ?? 0) >= closed.at);
  const until = Math.min(closed?.at ?? arm.endedAt, arm.endedAt);
  const wasWatched = arm.clients[0]?.ended?.how === "gave-up";
  const why = !sent
    ? "your application was not asked, or the mark of the request did not reach it (the header field hopwise-request)"
    : given?.response === null
      ? "your application sent no header section"
      : first === undefined
        ? isUnfinished
          ? `your application sent its header section (status ${given?.response?.status}) and nothing more in the ${Math.round((until - sent.startedAt) / 100) / 10} s ${wasWatched ? "it was watched: watch longer with --watch-seconds" : "until its connection was let go of"}`
          : `your application answered ${given?.response?.status} without a body`
        : arrivals(times, tolerance.baseMs) > 1
          ? `what your application sent piece by piece could not be followed${masked?.masked ? ` through ${masked.hop}: ${masked.why}` : " to the client: too little of it had time to come out before the stream was over"}`
          : `your application itself (status ${given?.response?.status}) sent its ${given?.contentBytes} bytes all at once, ${ms(first - sent.startedAt)} after the request: there was nothing to be passed on piece by piece`;
  verdict.undecided.push({ facet: "delivery", arm: id, why });
};

const leaves = (arm: ArmTrace): boolean => arm.arm.clients[0]?.leave !== null;

const sayNothingToLeave = (verdict: Verdict, arm: ArmTrace): void => {
  const { id } = arm.arm;
  if (verdict.facets.some(({ facet, arm: of }) => facet === "disconnect" && of === id)) return;
  const why =
    arm.clients[0]?.ended?.how === "left"
      ? "what your application sent was over before the client left"
      : "the client, which leaves a moment after the first byte of a 200, was given none that it could leave";
  verdict.undecided.push({ facet: "disconnect", arm: id, why });
};

const present = <T>(findings: readonly (T | null)[]): T[] => findings.filter((finding) => finding !== null);

const pick = <M>(findings: readonly HopFinding<M>[], wanted: (finding: M) => boolean): { hop: NodeId; finding: M } | null => {
  const found = findings.find((finding) => !finding.masked && wanted(finding.finding));
  return found && !found.masked ? found : null;
};

const push = <F extends FacetName>(
  verdict: Verdict,
  facet: F,
  arm: string,
  finding: Members[F],
  culprit: NodeId | null,
  hops: HopFinding<Members[F]>[],
): void => {
  verdict.facets.push({ facet, arm, finding, culprit, evidence: "", hops } as unknown as Facet);
};

const severity = { incremental: 0, lagging: 1, batched: 2, buffered: 3 } satisfies Record<Delivery["member"], number>;

/** What the client sees is the worst that a hop did; of two that did the same, the one nearer the origin did it first. */
const worstDelivery = (findings: readonly HopFinding<Delivery>[]): { hop: NodeId; finding: Delivery } | null => {
  let worst: { hop: NodeId; finding: Delivery } | null = null;
  for (const finding of findings)
    if (!finding.masked && (!worst || severity[finding.finding.member] > severity[worst.finding.member])) worst = finding;
  return worst;
};

/** For how long the header section was meant to be alone, and was. An application means what it does. */
const originHeldMs = (arm: ArmTrace): number => {
  const exchange = arm.origin.find(({ request }) => request === null || request.endsWith(".0"));
  const first = exchange?.writes[0]?.at;
  const heldMs = exchange?.headersAt !== null && exchange?.headersAt !== undefined && first !== undefined ? first - exchange.headersAt : 0;
  return exchange?.nonce === applicationNonce || plannedAloneMs(arm) > 0 ? heldMs : 0;
};

const plannedAloneMs = ({ arm: { script } }: ArmTrace): number => {
  const from = script.steps.findIndex((step) => step.do === "headers") + 1;
  const next = script.steps[from];
  return next?.do === "pause" ? next.ms : 0;
};

/** Null if the gaps at the hop's own input are wide enough to tell one cause from another. A lock-step that was confirmed needs none,
 *  and a hold to the end is told by how long it lasted. */
const gapTooNarrow = (
  arm: ArmTrace,
  tolerance: Tolerance,
  finding: Delivery,
  view: HopView | undefined,
  isApplication: boolean,
): { why: string; byMachine?: true } | null => {
  if (finding.member === "incremental" || heldForMs(finding, view) >= 20 * tolerance.baseMs) return null;
  if (arm.arm.script.steps.some((step) => step.do === "lock-step") && arm.origin.every(({ unacknowledged }) => unacknowledged === null))
    return null;
  const largest = isApplication ? Infinity : (arm.arm.script.body.recordBytes[0] ?? 0);
  const all = (view?.input?.records ?? []).flatMap((at, index) =>
    at !== null && (arm.arm.script.body.recordBytes[index] ?? 0) <= largest ? [at] : [],
  );
  // One write of an application's may be several records.
  const times = isApplication ? all.filter((at, index) => at - (all[index - 1] ?? -Infinity) > tolerance.baseMs) : all;
  const gapMs = median(times.slice(1).map((at, index) => at - (times[index] ?? at)));
  if (gapMs >= 4 * tolerance.baseMs) return null;
  const why = `the gap of ${Math.round(gapMs)} ms at the input of ${view?.hop} is under four times ε (${Math.round(tolerance.baseMs)} ms)`;
  // On no machine is it enough.
  return gapMs < 4 * leastEpsilonMs ? { why } : { why, byMachine: true };
};

/** How long a hop sat on what it held, where it held until an end or a count of bytes; 0 where only gaps can tell. */
const heldForMs = (finding: Delivery, view: HopView | undefined): number => {
  if (finding.member === "buffered") return finding.heldForMs;
  if (finding.member !== "batched" || finding.by !== "bytes") return 0;
  const first = view?.input?.records.find((at) => at !== null) ?? null;
  const released = view?.output?.progress[0]?.[0];
  return first === null || released === undefined ? 0 : released - first;
};

const pushEnding = (verdict: Verdict, arm: ArmTrace, views: readonly HopView[], tolerance: Tolerance): void => {
  const findings = present(views.map((view) => judgeEnding(view, arm, tolerance)));
  const last = findings.findLast((finding) => !finding.masked);
  if (!last || last.masked) return;
  // Nearest the client, since later hops only pass it on; if none made it, the origin did.
  const owner = findings.findLast((finding) => !finding.masked && finding.own);
  if (owner && !owner.masked) {
    const worse = owner.finding.member === "complete" ? last : owner;
    if (worse.finding.member === "hung" && worse.finding.atLeastMs < 2 * tolerance.worstMs) {
      const why = `${worse.hop} left the client waiting ${ms(worse.finding.atLeastMs)}, and the machine let the control wait ${ms(tolerance.worstMs)} for a record`;
      verdict.undecided.push({ facet: "ending", arm: arm.arm.id, why, byMachine: true });
      return;
    }
    push(verdict, "ending", arm.arm.id, worse.finding, worse.hop, findings);
  } else push(verdict, "ending", arm.arm.id, last.finding, last.finding.member === "complete" ? null : "origin", findings);
};
