// Disconnect: does each hop drop its upstream when the client leaves (verdicts.md, "disconnect").
import type { Closing } from "../recording.ts";
import type { CaseTrace, Exchange, Trace } from "../trace.ts";
import type { Disconnect, HopObservation, Leaving, Verdict } from "../verdict.ts";
import { present } from "./case-view.ts";
import type { CaseView, Shown } from "./case-view.ts";
import type { Tolerance } from "./tolerance.ts";
import { leastEpsilonMs } from "./tolerance.ts";
import type { HopView } from "./view.ts";
import { atClient, ms } from "./view.ts";

/** How the neighbor nearer the client closed this connection, or its stream. */
const departureOf = (exchange: Exchange | null): Closing | null => exchange?.closings.find(({ by }) => by === "downstream") ?? null;
const leftAt = (exchange: Exchange | null): number | null => departureOf(exchange)?.at ?? null;

const leavingOf = ({ how, http2, http3 }: Closing): Leaving => {
  if (http2) return http2.frame === "RST_STREAM" ? "cancel" : "close";
  if (http3) return http3.frame === "STOP_SENDING" ? "cancel" : "close";
  return how;
};

type DisconnectObservation = HopObservation<Disconnect> | { hop: string; inconclusive: string; withinMs: number };

/** Adds whether the departure of the client reached the origin. */
export const addDisconnect = ({ case: trialCase, hops: views, tolerance }: CaseView, verdict: Verdict): void => {
  const { id } = trialCase.case;
  const found = present(views.map((view) => judgeHop(view, trialCase, tolerance)));
  const hops = found.filter((one): one is HopObservation<Disconnect> => "masked" in one);
  const open = found.find((one) => "inconclusive" in one);
  // Nearest the client: a hop that keeps its upstream hides the hops before it.
  const shown = hops.filter((one): one is Shown<Disconnect> => !one.masked);
  const worst =
    shown.findLast(({ observation }) => observation.member === "not-propagated") ??
    shown.findLast(({ observation }) => observation.member !== "propagated") ??
    shown.at(-1);
  const isClean = worst === undefined || worst.observation.member === "propagated";
  if (open && isClean)
    verdict.inconclusive.push({
      facet: "disconnect",
      case: id,
      why: `${open.hop}: ${open.inconclusive}`,
      byMachine: true,
      withinMs: open.withinMs,
    });
  else if (worst)
    verdict.facets.push({
      facet: "disconnect",
      case: id,
      observation: worst.observation,
      culprit: isClean ? null : worst.hop,
      evidence: "",
      hops,
    });
};

const judgeHop = (view: HopView, trialCase: CaseTrace, tolerance: Tolerance): DisconnectObservation | null => {
  const { hop, input, output } = view;
  const departure = departureOf(output);
  if (departure === null) return { hop, masked: true, why: "its downstream was never closed" };
  // The hop learned of it when the tap passed it on.
  const gone = departure.passedAt === undefined ? departure.at : departure.passedAt;
  if (gone === null) return { hop, masked: true, why: "it had not learned of its client's leaving when the trial was over" };
  const leaving = leavingOf(departure);
  if (!input) return { hop, masked: true, why: "it had no upstream request" };
  // Complete before the client left: there was nothing left to drop.
  const reachedItsEnd = input.end.kind === "last-chunk" || input.end.kind === "length" || input.end.kind === "fin-delimited";
  if (input.end.kind !== "open" && input.end.at <= gone && (reachedItsEnd || leftAt(input) === null))
    return { hop, masked: true, why: "its upstream had ended before" };

  const dropped = leftAt(input);
  const since = input.progress.filter(([at]) => at > gone && (dropped === null || at <= dropped));
  const firstTotal = input.progress.findLast(([at]) => at <= gone)?.[1] ?? 0;
  const bytesSince = Math.max(0, (since.at(-1)?.[1] ?? firstTotal) - firstTotal);
  if (dropped === null || (reachedItsEnd && input.end.at <= dropped))
    return {
      hop,
      masked: false,
      observation: {
        member: "not-propagated",
        leaving,
        atLeastMs: Math.min(input.end.kind === "open" ? trialCase.endedAt : input.end.at, trialCase.endedAt) - gone,
        bytesSince,
        cause: reachedItsEnd ? "fill" : "kept",
      },
    };
  return judgeDrop({ hop, leaving, nonce: input.nonce, gone, dropped, since }, trialCase, tolerance);
};

/** An upstream that was dropped after the client had left. */
interface Drop {
  hop: string;
  leaving: Leaving;
  /** Of the response. */
  nonce: string | null;
  gone: number;
  dropped: number;
  /** What came in between. */
  since: Exchange["progress"];
}

const judgeDrop = (
  { hop, leaving, nonce, gone, dropped, since }: Drop,
  trialCase: CaseTrace,
  tolerance: Tolerance,
): DisconnectObservation => {
  const afterMs = Math.max(0, dropped - gone);
  const found = (observation: Disconnect): HopObservation<Disconnect> => ({ hop, masked: false, observation: { ...observation, leaving } });
  // The first write to a client that has left is answered by a reset, and the second one fails. More writes than that had no effect.
  const writeAt = since.at(-1)?.[0] ?? null;
  const epsilonMs = tolerance.of(hop, gone, dropped);
  const sinceWriteMs = writeAt === null ? Infinity : dropped - writeAt;
  const soonMs = writeAt === null ? 0 : soonOf(afterMs, tolerance.of(hop, writeAt, dropped));
  const isByWrite = since.length <= 2 && sinceWriteMs <= soonMs;
  // A hop that waited for a processor may drop its upstream after a write that arrived meanwhile.
  const mostMs = Math.max(
    tolerance.worstMs,
    epsilonMs > bluntFactor * leastEpsilonMs ? Math.min(2 * epsilonMs, lateFactor * tolerance.baseMs) : 0,
  );
  const wroteMs = writeAt === null ? 0 : wroteAt(trialCase, nonce, writeAt) - gone;
  const isTooLate = writeAt !== null && isTooLateByItself(hop, gone, gone + wroteMs, tolerance);
  // While a stream flows, some write always came just before.
  const isAnyWrite = wroteMs <= longSilenceMs && afterMs <= 2 * epsilonMs && !isTooLate;
  const isBlunt = afterMs > epsilonMs && (afterMs <= mostMs || isAnyWrite);
  // Nor does a drop show anything that follows the write which ended a long silence, if the machine explains as much.
  const isEither = since.length <= 2 && afterMs <= epsilonMs && sinceWriteMs <= afterMs / 4 && wroteMs > longSilenceMs && !isTooLate;
  // Writes came, and it was neither soon after one nor so late that only a clock of the hop's own explains it.
  const isBetween = writeAt !== null && !isByWrite && afterMs > epsilonMs && afterMs <= lateFactor * tolerance.baseMs + epsilonMs;
  // Nor is it shown where the write that ended a long silence was only a little earlier than soon.
  const isNearly = since.length <= 2 && !isByWrite && wroteMs > longSilenceMs && sinceWriteMs <= nearlyFactor * soonMs;
  if ((isByWrite && isBlunt) || isEither || isBetween || isNearly)
    return {
      hop,
      withinMs: afterMs,
      inconclusive: `it closed its upstream connection ${ms(afterMs)} after its client had left, a delay that the machine may have caused`,
    };
  if (isByWrite && isTooLate) return found({ member: "propagated-on-next-write", afterMs, writes: since.length });
  if (!isByWrite && afterMs > lateFactor * tolerance.baseMs + epsilonMs) return found({ member: "propagated-late", afterMs });
  return found(
    writeAt === null || afterMs <= epsilonMs
      ? { member: "propagated", afterMs }
      : { member: "propagated-on-next-write", afterMs, writes: since.length },
  );
};

/** When the origin wrote what a hop received of a response at a moment. Other streams of the case have their own writes. */
const wroteAt = ({ origin }: CaseTrace, nonce: string | null, receivedAt: number): number =>
  origin
    .filter((one) => nonce === null || one.nonce === nonce)
    .flatMap(({ writes }) => writes.map(({ at }) => at))
    .toSorted((a, b) => a - b)
    .findLast((at) => at <= receivedAt) ?? receivedAt;

/** The lab, which wrote at that moment, was awake: an earlier drop would have been seen then, so that the lab's own waits explain nothing. */
const isTooLateByItself = (hop: string, gone: number, wrote: number, tolerance: Tolerance): boolean =>
  wrote - gone > Math.max(lateFactor * tolerance.baseMs, worstFactor * tolerance.worstMs) + tolerance.unawareMs(hop, gone, wrote);

/** A hop that notices a departure by itself does so in a fraction of this, and a stream that flows writes many times in it. */
const longSilenceMs = 500;

/** A drop this soon after a write, following a much longer silence, was caused by the write. */
const soonOf = (afterMs: number, epsilonMs: number): number => Math.max(epsilonMs, Math.min(100, 0.05 * afterMs));

/** What follows a write within this many times as long may have been caused by it. */
const nearlyFactor = 2;

/** From this multiple of the calm machine's ε on, the waits of the machine dominate. */
const bluntFactor = 4;

/** A delay of this many ε is more than a busy machine adds to an immediate drop. */
const lateFactor = 20;

/** A stopped process waits in no run queue: only the control shows that there are such pauses. */
const worstFactor = 4;

/** Only a case in which the client left as planned, while the response was still running, tests this. */
export const testsDisconnect = (trialCase: CaseTrace): boolean =>
  trialCase.case.clients[0]?.leave !== null && trialCase.clients[0]?.ended?.how === "left";

/** Why a canceled stream of HTTP/2 or HTTP/3 is not judged: the other stream of its connection did not continue. Null if it did, or if there was no other
 *  stream. */
export const otherStreamFault = (trace: Trace, trialCase: CaseTrace): string | null => {
  const other = trialCase.case.clients.findIndex(({ onConnectionOf }) => onConnectionOf === 0);
  const departure = departureOf(atClient(trace, trialCase, 0));
  if (other === -1 || departure === null || leavingOf(departure) !== "cancel") return null;
  const { ended = null, recordsAt = [] } = trialCase.clients[other] ?? {};
  const status = atClient(trace, trialCase, other)?.response?.status ?? null;
  const what = "the other stream of the connection";
  if (status !== null && status !== trialCase.case.script.status) return `${what} was answered ${status}`;
  if (ended === null || ended.how === "refused") return `${what} could not be opened`;
  if (ended.how === "fin" || ended.how === "reset")
    return ended.at < departure.at
      ? `${what} was cut before the client canceled this one`
      : `${what} was cut ${ms(ended.at - departure.at)} after the client canceled this one`;
  // When an application writes is its own decision.
  if (trace.origin === "application") return null;
  return ended.how === "complete" && recordsAt.some((at) => at > departure.at)
    ? null
    : `${what} did not receive its remaining records after the client canceled this one`;
};
