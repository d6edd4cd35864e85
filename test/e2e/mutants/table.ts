// What each deliberately bad hop must be found to do: exactly this, and nothing else.
import type { RequestPlan, Trial } from "../../../harness/define.ts";
import type { FacetName } from "../../../harness/model/verdict.ts";

export interface Expectation {
  mutant: string;
  trial: Trial;
  facet: FacetName;
  member: string;
  cause?: string;
  request?: RequestPlan;
}

export const expectations: Expectation[] = [
  { mutant: "hold-all", trial: { kind: "lock-step" }, facet: "delivery", member: "buffered" },
  { mutant: "release-4096", trial: { kind: "lock-step" }, facet: "delivery", member: "batched" },
  { mutant: "cork-200", trial: { kind: "lock-step" }, facet: "delivery", member: "batched" },
  { mutant: "one-behind", trial: { kind: "lock-step" }, facet: "delivery", member: "lagging" },
  { mutant: "gzip-no-flush", trial: { kind: "paced" }, facet: "delivery", member: "buffered", request: { acceptEncoding: "gzip" } },
  { mutant: "hold-headers", trial: { kind: "header-hold" }, facet: "headers", member: "held" },
  { mutant: "strip-last-chunk", trial: { kind: "lock-step" }, facet: "ending", member: "incomplete-visible", cause: "no-last-chunk" },
  { mutant: "clean-end-on-error", trial: { kind: "origin-abort" }, facet: "ending", member: "incomplete-silent", cause: "origin-abort" },
  { mutant: "hang-on-error", trial: { kind: "origin-abort" }, facet: "ending", member: "hung", cause: "origin-abort" },
  { mutant: "bytes-after-end", trial: { kind: "lock-step" }, facet: "ending", member: "malformed" },
  { mutant: "keep-upstream", trial: { kind: "client-leaving" }, facet: "disconnect", member: "lost" },
  { mutant: "keep-upstream-until-write", trial: { kind: "client-leaving" }, facet: "disconnect", member: "on-next-write" },
  { mutant: "cache-everything", trial: { kind: "late-joiner", cacheControl: ["no-store"] }, facet: "source", member: "cached" },
  { mutant: "collapse", trial: { kind: "late-joiner", cacheControl: ["no-store"] }, facet: "source", member: "collapsed" },
  { mutant: "retry", trial: { kind: "lock-step" }, facet: "source", member: "asked" },
  { mutant: "alter-byte", trial: { kind: "lock-step" }, facet: "integrity", member: "altered" },
  { mutant: "duplicate-record", trial: { kind: "lock-step" }, facet: "integrity", member: "altered" },
  { mutant: "cut-idle", trial: { kind: "silence" }, facet: "ending", member: "incomplete-visible", cause: "idle-limit" },
  { mutant: "cut-total", trial: { kind: "silence" }, facet: "ending", member: "incomplete-visible", cause: "total-limit" },
  { mutant: "answer-504", trial: { kind: "first-byte-wait" }, facet: "ending", member: "error-response", cause: "first-byte-limit" },
];

/** Every trial that a straight pipe must come out of clean. */
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
