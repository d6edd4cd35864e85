// A response that was not over when the client left: did the hop leave the client waiting. Pure.
import { applicationNonce } from "../recording.ts";
import type { CaseTrace, Exchange } from "../trace.ts";
import type { EndingCause, EndingObservation } from "../verdict.ts";
import { causeOf, found, limitOf, mask, sinceOf } from "./ends.ts";
import type { Ends } from "./ends.ts";
import { lastInputBy } from "./release/passage.ts";
import type { Terminal } from "./terminal.ts";
import type { Tolerance } from "./tolerance.ts";
import { lastActivity, ms } from "./view.ts";

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
  if (isOver(given)) {
    const pauseMs = longestPauseMs(ends, input);
    if (atLeastMs < pauseMs)
      return mask(ends, `it had not passed on all bytes, and at its rate so far it may pause for up to ${ms(pauseMs)}`);
    return hung(causeOf(given, trialCase), given.at - since);
  }
  // It closed its upstream connection by a timeout of its own, and left the client waiting.
  if (given.state === "abandoned" && given.at < gave.at - leastLetGoMs(tolerance))
    return hung(limitOf(input), given.at - lastActivity(input, given.at - tolerance.baseMs));
  return mask(ends, "its upstream was still open");
};

/** A shorter wait is no hang, and neither is a response that still drains. A timer may fire a millisecond early. */
const leastHangMs = 1999;

/** A hop that drains is silent after a burst until the burst is paid for: nginx's `limit_rate` counts what it may send from the beginning of a
 *  request, sends that together, and then waits for as long as it takes at the rate. Zero for a hop that has nothing left to pass on, that passed
 *  on everything together, which shows no rate, or that never passed anything on but with an input, as a buffer does.
 *  https://github.com/nginx/nginx/blob/master/src/http/ngx_http_write_filter_module.c */
const longestPauseMs = ({ hop, output, tolerance }: Ends, input: Exchange): number => {
  const { progress } = output;
  const [lastAt = 0, bytes = 0] = progress.at(-1) ?? [];
  const bursts = progress.flatMap(([at], index) =>
    at - (progress[index - 1]?.[0] ?? -Infinity) > tolerance.baseMs ? [{ at, index }] : [],
  );
  const [, before] = progress[(bursts.at(-1)?.index ?? 0) - 1] ?? [];
  const isByItself = ({ at }: { at: number }): boolean => at - lastInputBy(input, at) > tolerance.of(hop, lastInputBy(input, at), at);
  if (before === undefined || passedOn(output) === passedOn(input) || !bursts.some(isByItself)) return 0;
  return (unevenness * (bytes - before) * (lastAt - output.request.at)) / bytes;
};

const passedOn = ({ records }: Exchange): number => records.filter((at) => at !== null).length;

/** A pause may be longer than the rate up to it says. */
const unevenness = 1.5;

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
