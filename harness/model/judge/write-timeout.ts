// A response that a hop cut while its client read nothing. Pure.
import type { CaseTrace, Exchange } from "../trace.ts";
import type { Ending } from "../verdict.ts";
import type { Terminal } from "./terminal.ts";
import { lastActivity } from "./view.ts";

interface Stall {
  from: number;
  to: number;
  forMs: number;
}

/** A timer may fire a millisecond early. */
const timerPlayMs = 1;

/** When the client stopped reading on purpose, and when it read on; null if it always read. */
export const stallIn = ({ case: trialCase, clients }: CaseTrace): Stall | null => {
  const stall = trialCase.clients[0]?.stall;
  const from = stall && clients[0]?.recordsAt[stall.records - 1];
  return stall === undefined || from === undefined ? null : { from, to: clients[0]?.readOnAt ?? from + stall.forMs, forMs: stall.forMs };
};

/** The hop was still filling its buffers within the stall, so that its client took nothing for less than planned. */
export const isStallTooShort = (trialCase: CaseTrace, input: Exchange | null): boolean => {
  const stall = stallIn(trialCase);
  return stall !== null && input !== null && stall.to - lastActivity(input, stall.to) < stall.forMs - timerPlayMs;
};

/** A hop that closes its upstream connection shows the time, and its timeout runs from its last read. Otherwise the end lies after bytes that
 *  the client had not read, and shows only when the client reads on. */
export const writeTimeout = (
  gave: Extract<Terminal, { state: "cut" }>,
  given: Terminal | null,
  { from, to }: Stall,
  input: Exchange | null,
): Ending => {
  const observation = { member: "truncated-visibly", cause: "write-timeout", how: gave.how } as const;
  const lastRead = Math.max(from, input ? lastActivity(input, gave.at) : from);
  if (given?.state === "abandoned" && given.at < to) return { ...observation, afterMs: given.at - lastRead };
  const atMostMs = Math.min(gave.at, to) - Math.min(lastRead, to);
  return { ...observation, afterMs: atMostMs, atMostMs };
};
