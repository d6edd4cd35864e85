// Which of the timeouts of a chain is the strictest, and which heartbeat interval keeps a stream alive through all.
import type { LimitKind } from "../define/limit.ts";
import type { Limit } from "./verdict.ts";
import { heartbeatFor } from "./heartbeat.ts";
import type { HopLimits, TimeLimit } from "./time-limit.ts";

export const limitKinds = ["first-byte-timeout", "idle-timeout", "total-timeout", "write-timeout"] as const satisfies readonly Limit[];

/** Which timeouts of a hop count for a kind. What is not classified may be either, so that it counts as both. */
const counted: Record<Limit, readonly LimitKind[]> = {
  "first-byte-timeout": ["first-byte-timeout"],
  "idle-timeout": ["idle-timeout", "unclassified"],
  "total-timeout": ["total-timeout", "unclassified"],
  "write-timeout": ["write-timeout"],
};

const ofKind = (limits: readonly TimeLimit[], kind: Limit): TimeLimit[] => limits.filter((limit) => counted[kind].includes(limit.kind));

/** The wait for the first byte is a silence too: without a timeout of its own, a hop's idle timeout ends it. */
const waitingFor = (limits: readonly TimeLimit[]): TimeLimit[] => {
  const own = ofKind(limits, "first-byte-timeout");
  return own.length > 0 ? own : ofKind(limits, "idle-timeout").filter(({ side }) => side !== "client");
};

/** All timeouts of a chain that count for a kind, from the origin to the client. */
export const candidates = (hops: readonly HopLimits[], kind: Limit): TimeLimit[] =>
  hops.flatMap(({ limits }) => (kind === "first-byte-timeout" ? waitingFor(limits) : ofKind(limits, kind)));

/** Several if they are equal; none if no value is known. */
export const strictestOf = (hops: readonly HopLimits[], kind: Limit): TimeLimit[] => {
  const numbers = candidates(hops, kind).flatMap(({ ms }) => (typeof ms === "number" ? [ms] : []));
  const least = Math.min(...numbers);
  return candidates(hops, kind).filter(({ ms }) => ms === least);
};

export interface Heartbeat {
  /** Milliseconds between two of them; null: there is no idle timeout, or one too short for any heartbeat. */
  everyMs: number | null;
  /** The strictest idle timeout in milliseconds; null: none is known. */
  idleMs: number | null;
  /** A total timeout that ends every stream before the first heartbeat, in milliseconds; null: there is none. */
  endsBeforeMs: number | null;
}

export const heartbeatOf = (hops: readonly HopLimits[]): Heartbeat => {
  const valueOf = (kind: Limit): number | null => {
    const ms = strictestOf(hops, kind)[0]?.ms;
    return typeof ms === "number" ? ms : null;
  };
  const idleMs = valueOf("idle-timeout");
  const totalMs = valueOf("total-timeout");
  const everyMs = idleMs === null ? null : heartbeatFor(idleMs);
  return { everyMs, idleMs, endsBeforeMs: everyMs !== null && totalMs !== null && totalMs <= everyMs ? totalMs : null };
};
