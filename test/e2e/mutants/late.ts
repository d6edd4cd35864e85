// The expected verdicts on late and slow mutants, which follow from the code of the hop and the rules alone, not from the judge.
import type { RequestPlan, Trial } from "../../../harness/define.ts";
import type { Rate } from "../../mutants/_rates.ts";
import { bytesPerSecondOf } from "../../mutants/_rates.ts";
import type { Expectation } from "./table.ts";

export interface Late extends Expectation {
  variant?: string;
  /** It speaks TLS to its client, so it must be the last hop. */
  last?: true;
}

/** Must not be blamed. */
export type Harmless = Pick<Late, "mutant" | "variant" | "trial" | "request" | "last">;

const lockStep: Trial = { kind: "lock-step" };
const paced: Trial = { kind: "paced" };
const onHttp2: RequestPlan = { clients: "h2" };

/** Three times the rate, then nearly two times: six records of one second's bytes and six of half. */
const above = (rate: Rate): Trial => ({ kind: "paced", recordBytes: bytesPerSecondOf[rate], records: 6, everyMs: 300 });

const rates = Object.keys(bytesPerSecondOf) as Rate[];

const inBoth = (one: Omit<Late, "trial" | "facet">): Late[] => [lockStep, paced].map((trial) => ({ ...one, trial, facet: "delivery" }));

export const lateExpectations: Late[] = [
  // Two of the first eight are far beyond any ε, and two of three leave immediately, which neither a timer nor a write count explains.
  ...inBoth({ mutant: "hold-every-third", member: "delayed" }),
  ...inBoth({ mutant: "pause-at-every-third", member: "delayed" }),
  ...inBoth({ mutant: "random-holds", member: "delayed" }),
  ...inBoth({ mutant: "groups-of-three", member: "batched", shows: { by: "writes" } }),
  ...inBoth({ mutant: "groups-of-three-late", member: "batched", or: ["delayed"] }),
  // No number of bytes explains it. Which word is left depends on what was drawn: more than all ordinary records together, or less.
  ...inBoth({ mutant: "varying-quantum", member: "delayed", or: ["batched", "buffered"] }),
  // Records of 100 bytes never fill a block. The flood's larger ones do, and show the block if they come less than a timer apart.
  { mutant: "bytes-or-timer", trial: lockStep, facet: "delivery", member: "batched", shows: { by: ["timer", "bytes-or-timer"] } },
  // Every second one fills the block, and what is left over waits for the timer.
  { mutant: "bytes-or-timer", trial: { kind: "paced", recordBytes: 1000 }, facet: "delivery", member: "batched" },
  // None is late beyond doubt on a machine whose ε is above 8 ms: the same cause in two attempts decides.
  ...inBoth({ mutant: "delay-40", member: "batched", shows: { by: "timer" } }),
  ...rates.flatMap((variant): Late[] => [
    { mutant: "throttle", variant, trial: above(variant), facet: "delivery", member: "throttled" },
    { mutant: "throttle-steps", variant, trial: above(variant), facet: "delivery", member: "throttled" },
  ]),
  // 100 bytes take 100 ms on this line although their rate is below its own: late beyond doubt, and no rate was ever reached.
  { mutant: "throttle", variant: "1k", trial: paced, facet: "delivery", member: "delayed", or: ["throttled"] },
  {
    mutant: "gzip-members",
    trial: paced,
    request: { acceptEncoding: "gzip" },
    facet: "integrity",
    member: "altered",
    shows: { how: "gzip-members" },
  },
  {
    mutant: "h2-keep-canceled",
    trial: { kind: "client-leaving" },
    request: onHttp2,
    facet: "disconnect",
    member: "not-propagated",
    last: true,
  },
];

export const harmless: Harmless[] = [
  ...[lockStep, paced].flatMap((trial) => [
    { mutant: "split-writes", trial },
    { mutant: "merge-writes", trial },
    { mutant: "gzip-flush", trial, request: { acceptEncoding: "gzip" } },
    // Not every client takes gzip, and then nothing is encoded.
    { mutant: "gzip-members", trial },
    // Small records come slower than these rates allow.
    { mutant: "throttle", variant: "1m", trial },
    { mutant: "throttle", variant: "100k", trial: paced },
    { mutant: "throttle-steps", variant: "10k", trial },
    { mutant: "throttle-steps", variant: "1m", trial },
    { mutant: "h2-straight", trial, request: onHttp2, last: true as const },
    { mutant: "h2-keep-canceled", trial, request: onHttp2, last: true as const },
  ]),
  { mutant: "h2-straight", trial: { kind: "client-leaving" }, request: onHttp2, last: true },
];
