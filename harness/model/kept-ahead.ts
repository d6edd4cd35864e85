// What was ahead of a client that paused: bytes that hops had taken from the application, and where they were. Pure.
import { stallIn } from "./judge/write-timeout.ts";
import type { CaseTrace, Exchange, Trace } from "./trace.ts";

export interface KeptAhead {
  totalBytes: number;
  /** Of these, what had left the application and not reached the client's side of the last hop when it read on: also in sockets, which hold
   *  megabytes each. */
  aheadBytes: number;
  /** And what had not left the application. */
  waitingBytes: number;
  /** Null: it could not be read. */
  temporaryBytes: number | null;
  /** The growth of resident memory, at most. */
  memoryBytes: number | null;
  pausedMs: number;
}

export const keptAheadIn = ({ cases, links }: Pick<Trace, "cases" | "links">): KeptAhead | null => {
  for (const one of cases) {
    const stall = stallIn(one);
    const at = (link: number): Exchange | undefined =>
      one.exchanges.find((exchange) => exchange.link === link && exchange.response !== null);
    const [taken, given] = [at(0), at(links.length - 1)];
    if (!stall || !taken || !given || taken.contentBytes === 0) continue;
    return {
      totalBytes: taken.contentBytes,
      aheadBytes: Math.max(0, bytesAt(taken, stall.to) - bytesAt(given, stall.to)),
      waitingBytes: taken.contentBytes - bytesAt(taken, stall.to),
      temporaryBytes: most(one, ({ temporaryKb }) => temporaryKb),
      memoryBytes: most(one, ({ residentKb }) => residentKb?.map((kb) => kb - (residentKb[0] ?? 0))),
      pausedMs: stall.forMs,
    };
  }
  return null;
};

const bytesAt = ({ progress }: Exchange, at: number): number => progress.findLast(([time]) => time <= at)?.[1] ?? 0;

type Samples = NonNullable<CaseTrace["samples"]>[number];

/** Of all hops together; null where one cannot say. */
const most = ({ samples = [] }: CaseTrace, of: (one: Samples) => readonly number[] | undefined): number | null => {
  const peaks = samples.map((one) => of(one)?.reduce((peak, kb) => Math.max(peak, kb), 0));
  if (peaks.length === 0 || peaks.includes(undefined)) return null;
  return 1024 * peaks.reduce<number>((sum, peak = 0) => sum + peak, 0);
};
