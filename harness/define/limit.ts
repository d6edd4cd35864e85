// What authors write of timeouts: what a server's or a platform's documentation says.
import type { Limit } from "../model/verdict.ts";

/**
 * What a timeout ends. `first-byte-timeout`: the wait until the response begins. `idle-timeout`: silence between two reads, so that traffic
 * resets it. `total-timeout`: the whole response. `write-timeout`: the client takes nothing. `upload-timeout`: the upstream takes nothing of
 * the request. `connect-timeout`: the upstream does not accept the connection. `unclassified`: idle or total, the source does not say which.
 */
export type LimitKind = Limit | "upload-timeout" | "connect-timeout" | "unclassified";

/** A documented timeout; never a measured one. */
export interface DocumentedLimit {
  kind: LimitKind;
  /** Its default in milliseconds; null: none unless it is set. */
  ms: number | null;
  /** The directive, parameter or option that sets it, e.g. `proxy_read_timeout`; absent: it cannot be set. */
  setBy?: string;
  /** Between which values it can be set. */
  range?: { leastMs?: number; mostMs: number };
  /** The product, plan or protocol that it holds for, if not all, in one word: `edge`. */
  scope?: string;
  /** It is about the client's connection, not the one to the upstream. */
  side?: "client";
  /** How it is reported: a status, or an error code of the platform. */
  seenAs?: string;
  /** What earlier texts say. */
  formerly?: { ms: number | null; until?: string };
  /** Where this is documented; default: the page of its server or platform. */
  page?: string;
  /** The id of a scenario that measures it. */
  shownBy?: string;
}
