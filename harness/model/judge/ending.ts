// Ending: what each hop made of the end that it was given (verdicts.md, "ending").
import type { ArmTrace, Exchange } from "../trace.ts";
import type { Ending, EndingCause, HopFinding } from "../verdict.ts";
import { terminalOf } from "./terminal.ts";
import type { Terminal } from "./terminal.ts";
import type { Tolerance } from "./tolerance.ts";
import type { HopView } from "./view.ts";
import { lastActivity } from "./view.ts";

export type EndingFinding =
  | (HopFinding<Ending> & { masked: true })
  /** `own`: this hop made the end what it is; else it passed on what it was given. */
  | { hop: string; masked: false; finding: Ending; own: boolean };

export const judgeEnding = (view: HopView, arm: ArmTrace, tolerance: Tolerance): EndingFinding | null => {
  const { hop, input, output } = view;
  if (!output) return null;
  const gaveUpAt = gaveUpAtOf(arm, output.client);
  const given = input ? beforeGivingUp(terminalOf(input, arm), gaveUpAt) : null;
  const gave = beforeGivingUp(terminalOf(output, arm), gaveUpAt);
  const since = input?.request.at ?? output.request.at;
  // What a hop does with an input that is no HTTP is its upstream's doing.
  const found = (finding: Ending, own: boolean): EndingFinding => ({
    hop,
    masked: false,
    finding,
    own: own && given?.state !== "malformed",
  });
  const mask = (why: string): EndingFinding => ({ hop, masked: true, why });

  if (gave.state === "abandoned" || gave.state === "open") {
    // A departure as planned; behind the end of patience, someone whose input had ended and who let the client wait hung.
    if (gave.state === "abandoned" && gaveUpAt === null) return mask("its client left");
    const stirredAt = lastActivity(output, gave.at);
    const atLeastMs = gave.at - Math.max(given?.at ?? since, stirredAt > gave.at ? since : stirredAt);
    if (given && isOver(given) && atLeastMs < leastWaitMs(tolerance))
      return mask("what it had been given was still coming when the trial was over");
    if (!input || !given) return found({ member: "hung", cause: "own", afterMs: 0, atLeastMs }, true);
    if (isOver(given)) return found({ member: "hung", cause: causeOf(given, arm), afterMs: given.at - since, atLeastMs }, true);
    // It let go of its upstream by a limit of its own, and told nobody.
    if (given.state === "abandoned" && given.at < gave.at - leastWaitMs(tolerance))
      return found(
        { member: "hung", cause: limitOf(input), afterMs: given.at - lastActivity(input, given.at - tolerance.baseMs), atLeastMs },
        true,
      );
    return mask("its upstream was still open");
  }
  if (gave.state === "malformed")
    return given?.state === "malformed"
      ? found({ member: "malformed", what: gave.what }, false)
      : found({ member: "malformed", what: gave.what }, true);

  // It had let go of its upstream before that had answered; what it did until it answered itself is no part of that limit.
  const letGoAt = given?.state === "abandoned" && input?.response === null && given.at < gave.at ? given.at : null;
  const limited = input !== null && given !== null && (letGoAt !== null || endedBefore(output, given, gave, tolerance));
  const cause: EndingCause = limited
    ? isRefused(input, output, tolerance)
      ? "own"
      : limitOf(input)
    : given && given.state !== "complete"
      ? causeOf(given, arm)
      : "own";
  const endedAt = letGoAt ?? gave.at;
  const afterMs = endedAt - (limited && input.response ? lastActivity(input, gave.at - tolerance.baseMs) : since);

  const waited = cause === "first-byte-limit" && view.inputs[0] === input ? { atMostMs: endedAt - output.request.at } : {};

  if (gave.state === "no-response") {
    if (given?.state === "no-response" && !limited) return found({ member: "no-response", cause, afterMs }, false);
    return found({ member: "no-response", cause, afterMs, ...waited }, limited || given?.state === "complete" || given === null);
  }
  if (output.fidelity.kind === "foreign" && output.nonce !== null) return mask("its body was made for a request of another trial");
  const status = output.response?.status ?? 0;
  const statusGiven = input?.response?.status ?? null;
  // Under the origin's own status, words of its own in place of a body that broke off pass for it.
  if (
    output.fidelity.kind === "foreign" &&
    gave.state === "complete" &&
    status < 400 &&
    statusGiven === status &&
    input?.fidelity.kind !== "foreign"
  )
    return found(
      {
        member: "incomplete-silent",
        cause,
        afterMs,
        how: "the body is not the origin's, and the framing says complete",
        decoderCanTell: false,
      },
      true,
    );
  if (output.fidelity.kind === "foreign" || (status >= 400 && statusGiven !== status && !isServedByItself(output))) {
    if (statusGiven === status) return found({ member: "error-response", status, cause, afterMs }, false);
    // An answer in words to a broken upstream is a visible end: the fault is the upstream's.
    const answersForUpstream = given !== null && (given.state === "cut" || given.state === "no-response") && !limited;
    return found({ member: "error-response", status, cause, afterMs, ...waited }, !answersForUpstream);
  }
  if (gave.state === "complete") return found({ member: "complete" }, false);
  if (gave.state === "cut") {
    const passedOn = given?.state === "cut" && !limited;
    const stripped = given?.state === "complete" && output.records.every((at, i) => at !== null || (input?.records[i] ?? null) === null);
    return found(
      { member: "incomplete-visible", cause: stripped && gave.how.startsWith("FIN") ? "no-last-chunk" : cause, afterMs, how: gave.how },
      !passedOn && given?.state !== "short",
    );
  }
  // Short: the framing says complete. A hop that asked for HTTP/1.0 has itself made its input one whose end cannot be told.
  const finding: Ending = { member: "incomplete-silent", cause, afterMs, how: gave.how, decoderCanTell: gave.decoderCanTell };
  if (given?.state === "short") {
    const downgraded = given.delimitedByClose && input?.request.version === "1.0" && output.request.version !== "1.0";
    return downgraded ? found({ ...finding, cause: "http-1.0" }, true) : found(finding, false);
  }
  if (gave.delimitedByClose && output.request.version === "1.0") return mask("its client asked for HTTP/1.0, which cannot tell");
  return found(finding, true);
};

/** A client that waits for less has not been let wait. */
const leastWaitMs = (tolerance: Tolerance): number => Math.max(500, 20 * tolerance.baseMs);

const limitOf = (input: Exchange): EndingCause => (input.response === null ? "first-byte-limit" : "limit-unclassified");

/** What is answered as soon as the header section came is no limit of time: it was read, and refused. */
const isRefused = (input: Exchange, output: Exchange, tolerance: Tolerance): boolean =>
  input.response !== null &&
  output.response !== null &&
  output.response.status !== input.response.status &&
  output.fidelity.kind === "foreign" &&
  output.response.at - lastActivity(input) <= tolerance.baseMs;

const isOver = (terminal: Terminal): boolean => terminal.state !== "open" && terminal.state !== "abandoned";

const gaveUpAtOf = (arm: ArmTrace, client: number | null): number | null => {
  const ended = arm.clients[client ?? 0]?.ended;
  return ended?.how === "gave-up" ? ended.at : null;
};

/** What a hop lets through once its client's patience is over reaches nobody. */
const beforeGivingUp = (terminal: Terminal, gaveUpAt: number | null): Terminal =>
  gaveUpAt !== null && terminal.at > gaveUpAt && terminal.state !== "open" && terminal.state !== "malformed"
    ? { state: "abandoned", at: gaveUpAt, response: terminal.state !== "no-response" }
    : terminal;

/** A body of the origin's, whoever answers with it. */
const isServedByItself = (output: Exchange): boolean => output.nonce !== null;

/** The hop ended its output while its input was open: it closed first while both neighbours were there. */
const endedBefore = (output: Exchange, given: Terminal, gave: Terminal, tolerance: Tolerance): boolean => {
  if (gave.state === "complete" && output.fidelity.kind !== "foreign") return false;
  if (given.state === "open") return true;
  // It let go of its upstream itself, at about the time at which it ended its downstream.
  if (given.state === "abandoned") return gave.at - given.at < Math.max(100, 4 * tolerance.baseMs) || gave.at < given.at;
  return gave.at < given.at - tolerance.baseMs;
};

const causeOf = (given: Terminal, arm: ArmTrace): EndingCause =>
  given.state !== "complete" && arm.origin.some((exchange) => exchange.aborted !== null) ? "origin-abort" : "own";
