// The expected verdict on each deliberately bad hop: exactly this, and nothing else.
import type { RequestPlan, Trial } from "../../../harness/define.ts";
import type { FacetName } from "../../../harness/model/verdict.ts";

export interface Expectation {
  mutant: string;
  trial: Trial;
  facet: FacetName;
  member: string;
  cause?: string;
  /** Further fields of its observation; of a list, any. */
  shows?: Record<string, unknown>;
  /** Members that are right, too. */
  or?: string[];
  request?: RequestPlan;
}

export const expectations: Expectation[] = [
  { mutant: "hold-all", trial: { kind: "lock-step" }, facet: "delivery", member: "buffered" },
  { mutant: "release-4096", trial: { kind: "lock-step" }, facet: "delivery", member: "buffered" },
  { mutant: "cork-200", trial: { kind: "lock-step" }, facet: "delivery", member: "batched" },
  { mutant: "one-behind", trial: { kind: "lock-step" }, facet: "delivery", member: "lagging" },
  { mutant: "gzip-no-flush", trial: { kind: "paced" }, facet: "delivery", member: "buffered", request: { acceptEncoding: "gzip" } },
  { mutant: "hold-headers", trial: { kind: "header-hold" }, facet: "headers", member: "held" },
  { mutant: "strip-last-chunk", trial: { kind: "lock-step" }, facet: "ending", member: "truncated-visibly", cause: "no-last-chunk" },
  { mutant: "clean-end-on-error", trial: { kind: "origin-abort" }, facet: "ending", member: "truncated-silently", cause: "origin-abort" },
  { mutant: "hang-on-error", trial: { kind: "origin-abort" }, facet: "ending", member: "hung", cause: "origin-abort" },
  { mutant: "bytes-after-end", trial: { kind: "lock-step" }, facet: "ending", member: "malformed" },
  { mutant: "keep-upstream", trial: { kind: "client-leaving" }, facet: "disconnect", member: "not-propagated" },
  { mutant: "keep-upstream-until-write", trial: { kind: "client-leaving" }, facet: "disconnect", member: "propagated-on-next-write" },
  { mutant: "cache-everything", trial: { kind: "late-joiner", cacheControl: ["no-store"] }, facet: "source", member: "cached" },
  { mutant: "collapse", trial: { kind: "late-joiner", cacheControl: ["no-store"] }, facet: "source", member: "collapsed" },
  { mutant: "retry", trial: { kind: "lock-step" }, facet: "source", member: "retried" },
  { mutant: "alter-byte", trial: { kind: "lock-step" }, facet: "integrity", member: "altered" },
  { mutant: "duplicate-record", trial: { kind: "lock-step" }, facet: "integrity", member: "altered" },
  { mutant: "cut-idle", trial: { kind: "silence" }, facet: "ending", member: "truncated-visibly", cause: "idle-timeout" },
  { mutant: "cut-total", trial: { kind: "silence" }, facet: "ending", member: "truncated-visibly", cause: "total-timeout" },
  { mutant: "answer-504", trial: { kind: "first-byte-wait" }, facet: "ending", member: "error-response", cause: "first-byte-timeout" },
];

/** Every trial that a straight pipe must pass. */
export const allTrials: Trial[] = [
  { kind: "lock-step" },
  { kind: "paced" },
  { kind: "size-sweep" },
  { kind: "header-hold" },
  { kind: "first-byte-wait", waitMs: 1500 },
  { kind: "silence", silentMs: 1500 },
  { kind: "origin-abort" },
  { kind: "client-leaving" },
  { kind: "late-joiner" },
  { kind: "bodyless" },
];
