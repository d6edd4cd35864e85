// What a case has sampled of the processes of a hop while it runs. Pure.
import type { Amount, Count } from "./figures.ts";

/** memory: resident memory and its peak (VmRSS, VmHWM). processor: user and system time. descriptors: open files, and how many of them are
 *  sockets. temporary: sizes of files that are open and have no name any more. See proc(5). */
export type SampleKind = "memory" | "processor" | "descriptors" | "temporary";

/** What a case asks for. A sample is taken before the first request, after the peaks were reset, and after the last response, too. */
export interface SamplePlan {
  kinds: SampleKind[];
  /** Ids of hops; null: every server of the chain, a real application included. */
  on: string[] | null;
  everyMs: number;
}

/** not-supported: this platform or kernel has no such figures. not-permitted: they belong to another user. processes-unknown: the runtime
 *  cannot name the processes, e.g. of an engine on another machine. processes-changed: some ended or began during the case, and their memory
 *  with them. */
export type SampleProblem = "not-supported" | "not-permitted" | "processes-unknown" | "processes-changed";

/** One process in one case. */
export interface ProcessMemory {
  pid: number;
  /** Resident before the first request: where the peak began anew. */
  idleKb: Count;
  /** The most that was resident since then. */
  peakKb: Count;
}

/** The processes of one hop in one case. `at`: milliseconds from the case's start; the first is before it. The other lists have a value for
 *  each time, of all processes together, and are absent if the case did not ask for them, or they could not be read. */
export interface HopSamples {
  hop: string;
  at: number[];
  residentKb?: Count[];
  /** Milliseconds since the processes began. */
  processorMs?: Amount[];
  descriptors?: Count[];
  sockets?: Count[];
  temporaryKb?: Count[];
  memory?: ProcessMemory[];
  /** Why a kind is absent. */
  problems: { kind: SampleKind; problem: SampleProblem }[];
}

/** Of all processes together. Their peaks need not coincide, so that a sum is an upper bound. */
export const totalsOf = (memory: readonly ProcessMemory[]): { idleKb: number; peakKb: number } => ({
  idleKb: memory.reduce((sum, { idleKb }) => sum + idleKb, 0),
  peakKb: memory.reduce((sum, { peakKb }) => sum + peakKb, 0),
});
