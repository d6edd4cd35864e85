// What a probe concludes, as types; `harness/report/probe-words.ts` has the sentences. Pure.
import type { ArrivalSeen } from "./arrival.ts";
import type { HopField } from "./hops.ts";
import type { Lateness } from "./known.ts";
import type { CutSign } from "./observation.ts";
import type { Unit } from "./records.ts";

/** An error fails the probe; a note never does. `open`: it could not be judged. */
export type Level = "error" | "warning" | "note" | "ok" | "open";

export type Facet = "delivery" | "headers" | "ending" | "source" | "integrity" | "disconnect" | "about";

/** What a silence before a cut, or its time, looks like. */
export type CutBy = { by: "idle-timeout"; silentMs: number } | { by: "total-timeout" } | { by: "unclassified" };

/** What changed, and so what it means: `harness/report/probe-field-words.ts` has the sentences. */
export type FieldChange =
  | "coding-added"
  | "coding-removed"
  | "coding-changed"
  | "accel-buffering-added"
  | "accel-buffering-removed"
  | "caching-allowed"
  | "transform-allowed"
  | "cache-control-changed"
  | "length-added"
  | "length-removed"
  | "end-unmarked"
  | "end-marked"
  | "vary-added"
  | "vary-removed"
  | "age-added"
  | "via-added"
  | "etag-weakened"
  | "etag-removed"
  | "connection-closed";

export type Seen =
  /** How records arrived, without knowing when they were written. */
  | { facet: "delivery"; kind: "arrival"; unit: Unit; arrival: ArrivalSeen }
  /** The origin is known: how late each event was. */
  | { facet: "delivery"; kind: "on-time" | "held" | "steadily-late"; lateness: Lateness }
  | { facet: "delivery"; kind: "no-stream"; status: number; type: string; bytes: number; atMs: number }
  | { facet: "headers"; kind: "prompt" | "with-first-record"; atMs: number; firstMs: number }
  | { facet: "headers"; kind: "held"; byMs: number; isProven: boolean }
  | { facet: "headers"; kind: "no-answer"; afterMs: number }
  | { facet: "ending"; kind: "complete" | "unmarked"; atMs: number }
  | { facet: "ending"; kind: "open"; atMs: number; because: "time" | "bytes" | "interrupted" }
  | { facet: "ending"; kind: "cut"; atMs: number; sign: CutSign; cut: CutBy; isBeforeHead: boolean }
  /** The origin itself cut its response, as it was asked to. */
  | { facet: "ending"; kind: "cut-visible"; sign: CutSign }
  | { facet: "ending"; kind: "cut-silently"; why: "inside-a-record" | "coding-incomplete" | "origin-aborted" }
  | { facet: "ending"; kind: "missing"; missing: number; of: number }
  | { facet: "ending"; kind: "hung"; forMs: number }
  | { facet: "ending"; kind: "malformed"; problem: string }
  | { facet: "ending"; kind: "stray-bytes"; bytes: number }
  | { facet: "ending"; kind: "error-status"; status: number; atMs: number }
  | { facet: "source"; kind: "same-response"; with: string }
  | { facet: "source"; kind: "retried"; attempts: number }
  | { facet: "source"; kind: "from-a-cache"; field: string }
  | { facet: "integrity"; kind: "altered" | "repeated"; events: number }
  | { facet: "integrity"; kind: "gzip-members"; members: number }
  /** The media type; null: there is none. */
  | { facet: "integrity"; kind: "type-changed"; from: string | null; to: string | null }
  | { facet: "disconnect"; kind: "propagated" | "on-next-write" }
  | { facet: "disconnect"; kind: "not-propagated"; afterMs: number }
  | { facet: "about"; kind: "heartbeats"; count: number; everyMs: number }
  | { facet: "about"; kind: "round-trip"; ms: number; connectMs: number }
  | { facet: "about"; kind: "own-stall"; ms: number }
  | { facet: "about"; kind: "coded"; coding: string; isAsked: boolean }
  | { facet: "about"; kind: "hops"; fields: HopField[] }
  /** Of a field that matters for streams, with its values; null: it is not there. */
  | { facet: "about"; kind: "field-changed"; change: FieldChange; from: string | null; to: string | null }
  /** The names of all others: their values may be secret. */
  | { facet: "about"; kind: "other-fields"; added: string[]; removed: string[]; changed: string[] }
  | { facet: "about"; kind: "fields-kept" };

export type Finding = Seen & { level: Level };
