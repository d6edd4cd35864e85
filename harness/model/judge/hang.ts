// A response that was not over when the client left: did the hop leave the client waiting. Pure.
import { applicationNonce } from "../recording.ts";
import type { CaseTrace } from "../trace.ts";
import type { EndingCause, EndingObservation } from "../verdict.ts";
import { causeOf, found, limitOf, mask, sinceOf } from "./ends.ts";
import type { Ends } from "./ends.ts";
import type { Terminal } from "./terminal.ts";
import type { Tolerance } from "./tolerance.ts";
import { lastActivity } from "./view.ts";

/** The ending of a response that was not over when the client left. */
export const judgeUnended = (all: Ends): EndingObservation => {
  // What it asked for after its client had gone is no input of that response.
  const ends: Ends = all.input && all.input.request.at > all.gave.at ? { ...all, input: null, given: null } : all;
  const { input, output, given, gave, case: trialCase, tolerance } = ends;
  const since = sinceOf(ends);
  const stirredAt = lastActivity(output, gave.at);
  const overAt = Math.min(given?.at ?? since, originOverAt(trialCase) + tapsTookMs(trialCase));
  const atLeastMs = gave.at - Math.max(overAt, stirredAt > gave.at ? since : stirredAt);
  const isShort = atLeastMs < leastHangOf(trialCase, tolerance);
  if (given && isOver(given) && isShort) return mask(ends, "its input was still arriving when the trial was over");
  if ((!input || !given) && isShort) return mask(ends, "it had sent no request to its upstream when the trial was over");
  const hung = (cause: EndingCause, afterMs: number): EndingObservation => found(ends, { member: "hung", cause, afterMs, atLeastMs }, true);
  if (!input || !given) return hung(trialCase.case.role === "queue" ? "queued" : "own", 0);
  if (isOver(given)) return hung(causeOf(given, trialCase), given.at - since);
  // It closed its upstream connection by a timeout of its own, and left the client waiting.
  if (given.state === "abandoned" && given.at < gave.at - leastLetGoMs(tolerance))
    return hung(limitOf(input), given.at - lastActivity(input, given.at - tolerance.baseMs));
  return mask(ends, "its upstream was still open");
};

/** A shorter wait is no hang, and neither is a response that still drains. A timer may fire a millisecond early. */
const leastHangMs = 1999;

/** An application is watched for as long as its user says. */
const leastHangOf = ({ origin: [origin] }: CaseTrace, tolerance: Tolerance): number =>
  origin?.nonce === applicationNonce ? leastLetGoMs(tolerance) : leastHangMs;

/** When the origin was done, no matter when a hop learned of it. */
const originOverAt = ({ origin }: CaseTrace): number =>
  Math.max(-Infinity, ...origin.map(({ endedAt, aborted, gone }) => endedAt ?? aborted?.at ?? gone?.at ?? Infinity));

/** How long taps took to pass resets on. */
const tapsTookMs = ({ exchanges, endedAt }: CaseTrace): number =>
  exchanges
    .flatMap(({ closings }) => closings)
    .reduce((sum, { at, passedAt }) => sum + (passedAt === undefined ? 0 : (passedAt ?? endedAt) - at), 0);

/** A hop that closes its upstream connection ends the response to its client within this time. */
const leastLetGoMs = (tolerance: Tolerance): number => Math.max(500, 20 * tolerance.baseMs);

const isOver = (terminal: Terminal): boolean => terminal.state !== "open" && terminal.state !== "abandoned";
