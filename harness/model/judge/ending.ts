// Ending: how each hop passed on the end of its input (verdicts.md, "ending").
import type { CaseTrace, Exchange } from "../trace.ts";
import type { Ending, EndingCause, EndingObservation } from "../verdict.ts";
import { causeOf, found, limitOf, mask, sinceOf } from "./ends.ts";
import type { Ends } from "./ends.ts";
import { judgeUnended } from "./hang.ts";
import { terminalOf, terminalOfInput } from "./terminal.ts";
import type { Terminal } from "./terminal.ts";
import type { Tolerance } from "./tolerance.ts";
import type { HopView } from "./view.ts";
import { lastActivity } from "./view.ts";
import { isStallTooShort, stallIn, writeTimeout } from "./write-timeout.ts";

export const judgeEnding = (view: HopView, trialCase: CaseTrace, tolerance: Tolerance): EndingObservation | null => {
  const { hop, input, output } = view;
  if (!output) return null;
  const gaveUpAt = gaveUpAtOf(trialCase, output.client);
  const given = input ? beforeGivingUp(terminalOfInput(input, trialCase), gaveUpAt) : null;
  const gave = beforeGivingUp(terminalOf(output, trialCase), gaveUpAt);
  const ends: Ends = { hop, input, output, given, gave, case: trialCase, tolerance, isFirstRequest: view.inputs[0] === input };
  if (gave.state === "abandoned" || gave.state === "open") {
    // A planned departure. After the client's patience, a hop hung if its input had ended and the client still waited.
    if (gave.state === "abandoned" && gaveUpAt === null) return mask(ends, "its client left");
    return judgeUnended(ends);
  }
  if (gave.state === "malformed") return found(ends, { member: "malformed", what: gave.what }, given?.state !== "malformed");
  return judgeEnded(ends, gave);
};

type Ended = Exclude<Terminal, { state: "abandoned" | "open" | "malformed" }>;

/** Why a response ended as it did, and when. */
interface Cause {
  cause: EndingCause;
  afterMs: number;
  /** The hop itself ended it, before its input was over. */
  isLimited: boolean;
  /** For a limit on the first byte: how long it can have been at most. */
  waited: { atMostMs?: number };
}

const causeIn = (ends: Ends, gave: Ended): Cause => {
  const { input, output, given, case: trialCase, tolerance } = ends;
  // It closed its upstream connection before a response came. The time until its own answer is not part of that limit.
  const letGoAt = given?.state === "abandoned" && input?.response === null && given.at < gave.at ? given.at : null;
  const isLimited = input !== null && given !== null && (letGoAt !== null || endedBefore(output, given, gave, tolerance));
  const ownLimit = (): EndingCause => (input === null || isRefused(input, output, tolerance) ? "own" : limitOf(input));
  const cause = isLimited ? ownLimit() : given && given.state !== "complete" ? causeOf(given, trialCase) : "own";
  const endedAt = letGoAt ?? gave.at;
  const reloadedAt = isLimited ? reloadedIn(ends) : null;
  if (reloadedAt !== null) return { cause: "reload", afterMs: endedAt - reloadedAt, isLimited, waited: {} };
  const from = isLimited && input.response ? lastActivity(input, gave.at - tolerance.baseMs) : sinceOf(ends);
  const isWait = cause === "first-byte-timeout" && ends.isFirstRequest;
  return { cause, afterMs: endedAt - from, isLimited, waited: isWait ? { atMostMs: endedAt - output.request.at } : {} };
};

/** When it was reloaded, before it ended the response; null if it was not. */
const reloadedIn = ({ hop, gave, case: { actions = [] } }: Ends): number | null =>
  actions.findLast(({ do: what, on, at }) => what === "reload" && on === hop && at <= gave.at)?.at ?? null;

const judgeEnded = (ends: Ends, gave: Ended): EndingObservation => {
  const { input, output, given } = ends;
  const why = causeIn(ends, gave);
  const { cause, afterMs, isLimited, waited } = why;
  const stalled = gave.state === "cut" ? stallIn(ends.case) : null;
  // What it drops while its client reads nothing shows at the client only when that reads on.
  const isDropped = stalled !== null && given?.state === "abandoned" && given.at > stalled.from && given.at < stalled.to;
  if (stalled && gave.state === "cut" && (isLimited || isDropped || given?.state === "complete") && gave.at > stalled.from)
    return found(ends, writeTimeout(gave, given, stalled, input), true);
  if (gave.state === "no-response") {
    if (given?.state === "no-response" && !isLimited) return found(ends, { member: "no-response", cause, afterMs }, false);
    return found(ends, { member: "no-response", cause, afterMs, ...waited }, isLimited || given?.state === "complete" || given === null);
  }
  if (output.fidelity.kind === "foreign" && output.nonce !== null) return mask(ends, "its body was made for a request of another trial");
  return judgeForeign(ends, gave, why) ?? judgeBody(ends, gave, why);
};

/** The ending of a response that is not the origin's; null if it is the origin's. */
const judgeForeign = (ends: Ends, gave: Ended, { afterMs, isLimited, ...why }: Cause): EndingObservation | null => {
  const { input, output, given } = ends;
  const isForeign = output.fidelity.kind === "foreign";
  const status = output.response?.status ?? 0;
  const { cause, waited }: Pick<Cause, "cause" | "waited"> = blamesRequest(status) ? { cause: "own", waited: {} } : why;
  const statusGiven = input?.response?.status ?? null;
  // A body of the hop's own under the origin's status passes for the origin's.
  if (isForeign && gave.state === "complete" && status < 400 && statusGiven === status && input?.fidelity.kind !== "foreign") {
    const how = "the body is not the origin's, and the framing says complete";
    return found(ends, { member: "truncated-silently", cause, afterMs, how, decoderCanTell: false }, true);
  }
  // Without a body there is nothing to compare: it is the hop's own if the upstream's never came.
  const isInItsPlace = isLimited && cause === "first-byte-timeout" && statusGiven === null;
  if (isServedByItself(output) && !isForeign) return null;
  if (!isForeign && !isInItsPlace && (status < 400 || statusGiven === status)) return null;
  if (statusGiven === status) return found(ends, { member: "error-response", status, cause, afterMs }, false);
  // An error response to a broken upstream is a visible end: the fault is the upstream's.
  const answersForUpstream = given !== null && (given.state === "cut" || given.state === "no-response") && !isLimited;
  return found(ends, { member: "error-response", status, cause, afterMs, ...waited }, !answersForUpstream);
};

/** No timeout, whatever the hop had waited for by then (RFC 9110 §15.5): 408 alone is one. */
const blamesRequest = (status: number): boolean => status >= 400 && status < 500 && status !== 408;

/** The ending of the origin's own response. */
const judgeBody = (ends: Ends, gave: Exclude<Ended, { state: "no-response" }>, { cause, afterMs, isLimited }: Cause): EndingObservation => {
  const { input, output, given } = ends;
  if (gave.state === "complete")
    return isStallTooShort(ends.case, input)
      ? mask(ends, "it was still reading its upstream when its client read on")
      : found(ends, { member: "complete" }, false);
  if (gave.state === "cut") {
    const passedOn = given?.state === "cut" && !isLimited;
    const stripped = given?.state === "complete" && output.records.every((at, i) => at !== null || (input?.records[i] ?? null) === null);
    const named = stripped && gave.by === "fin" ? "no-last-chunk" : cause;
    return found(ends, { member: "truncated-visibly", cause: named, afterMs, how: gave.how }, !passedOn && given?.state !== "short");
  }
  // Short: the framing says complete. A hop that uses HTTP/1.0 to its upstream cannot see where its input ends.
  const observation: Ending = { member: "truncated-silently", cause, afterMs, how: gave.how, decoderCanTell: gave.decoderCanTell };
  if (given?.state === "short") {
    const downgraded = given.delimitedByClose && input?.request.version === "1.0" && output.request.version !== "1.0";
    return downgraded ? found(ends, { ...observation, cause: "http-1.0" }, true) : found(ends, observation, false);
  }
  if (gave.delimitedByClose && output.request.version === "1.0")
    return mask(ends, "its client uses HTTP/1.0, which cannot show a truncation");
  return found(ends, observation, true);
};

/** An answer as soon as the header section arrived is no timeout: the hop read the response and refused it. */
const isRefused = (input: Exchange, output: Exchange, tolerance: Tolerance): boolean =>
  input.response !== null &&
  output.response !== null &&
  output.response.status !== input.response.status &&
  output.fidelity.kind === "foreign" &&
  output.response.at - lastActivity(input) <= tolerance.baseMs;

const gaveUpAtOf = (trialCase: CaseTrace, client: number | null): number | null => {
  const ended = trialCase.clients[client ?? 0]?.ended;
  return ended?.how === "gave-up" ? ended.at : null;
};

/** What a hop passes on after its client gave up reaches no one. */
const beforeGivingUp = (terminal: Terminal, gaveUpAt: number | null): Terminal =>
  gaveUpAt !== null && terminal.at > gaveUpAt && terminal.state !== "open" && terminal.state !== "malformed"
    ? { state: "abandoned", at: gaveUpAt, response: terminal.state !== "no-response" }
    : terminal;

/** The body is the origin's, also if a cache answers with it. */
const isServedByItself = (output: Exchange): boolean => output.nonce !== null;

/** The hop ended its output while its input was still open. */
const endedBefore = (output: Exchange, given: Terminal, gave: Terminal, tolerance: Tolerance): boolean => {
  if (gave.state === "complete" && output.fidelity.kind !== "foreign") return false;
  if (given.state === "open") return true;
  // It closed its upstream connection itself, at about the time at which it ended its output.
  if (given.state === "abandoned") return gave.at - given.at < Math.max(100, 4 * tolerance.baseMs) || gave.at < given.at;
  return gave.at < given.at - tolerance.baseMs;
};
