// A timeout of one hop, and how it is known.
import type { LimitKind } from "../define/limit.ts";

export type LimitSource =
  /** A line of the user's configuration. */
  | { from: "configuration"; file: string; line: number; directive: string; page: string }
  /** What the catalog's own configuration of this variant sets, or what is documented of the variant alone. */
  | { from: "variant"; directive: string; page: string }
  /** Documented, and not set in a configuration. `server`: with its version, if known: `nginx 1.26`, `Gunicorn's sync worker`. */
  | { from: "default"; server: string; setBy: string | null; page: string }
  /** `read`: when the pages were read; null: not recorded. */
  | { from: "platform"; pages: string[]; read: string | null; setBy: string | null }
  /** Documented nowhere: only measured. */
  | { from: "measurement" };

/** What a run of the catalog showed. */
export interface MeasuredLimit {
  /** Milliseconds; null: the results have it in words only. */
  ms: number | null;
  /** What ran, e.g. `nginx 1.26.3`. */
  ran: string;
  scenario: string;
  /** `2026-11-21` */
  on: string;
}

export interface TimeLimit {
  hop: string;
  kind: LimitKind;
  /** Milliseconds; `none`: the hop has no such timeout unless it is set; `unknown`: the value cannot be read. */
  ms: number | "none" | "unknown";
  source: LimitSource;
  measured: MeasuredLimit | null;
  /** The product, plan or protocol that it holds for, if not all. */
  scope?: string;
  /** It is about the client's connection. */
  side?: "client";
  /** A status, or an error code of the platform. */
  seenAs?: string;
  range?: { leastMs?: number; mostMs: number };
  /** What earlier texts say. */
  formerly?: { ms: number | null; until?: string };
}

/** A hop with all timeouts that are known of it. */
export interface HopLimits {
  hop: string;
  limits: TimeLimit[];
  /** What is documented of it besides timeouts, one sentence each. */
  remarks: string[];
}
