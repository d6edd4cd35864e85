// The bodies of a memory trial in the order of their sizes, for each kind of reader. Pure.
import { growthOf } from "./memory-growth.ts";
import type { Growth } from "./memory-growth.ts";
import type { SampleProblem } from "./samples.ts";
import type { Case } from "./script.ts";
import type { CaseTrace } from "./trace.ts";

/** fast: as fast as bytes come. slow: it takes the first record, and nothing more until the hops take no more either. */
export const readers = ["fast", "slow"] as const;
export type Reader = (typeof readers)[number];

const readerOf = ({ clients: [client] }: Case): Reader => (client?.stall ? "slow" : "fast");

export const bodyBytesOf = ({ script: { body } }: Case): number => body.recordBytes.reduce((sum, bytes) => sum + bytes, 0);

/** Every byte arrived: of a response that was cut, memory says nothing. */
export const isWhole = ({ case: { script }, clients: [client] }: CaseTrace): boolean =>
  client?.ended?.how === "complete" && client.recordsAt.length >= script.body.recordBytes.length;

export interface Series {
  reader: Reader;
  cases: CaseTrace[];
  /** The first large body, whichever reader it was for: nothing was resident of an earlier one. */
  first: CaseTrace;
  hops: { hop: string; growth: Growth | null; problem: SampleProblem | null }[];
}

/** Of the cases at one point. Readers without a case have no series. */
export const seriesIn = (cases: readonly CaseTrace[]): Series[] => {
  const large = cases.filter(({ case: { role } }) => role === "memory");
  const [first] = large;
  return readers.flatMap((reader) => {
    const own = large.filter((one) => readerOf(one.case) === reader);
    return first && own.length > 0 ? [{ reader, cases: own, first, hops: hopsIn(own, first) }] : [];
  });
};

const hopsIn = (own: readonly CaseTrace[], first: CaseTrace): Series["hops"] =>
  (first.samples ?? []).map(({ hop, memory: before = [] }) => {
    const samples = [first, ...own].map((one) => ({
      bodyBytes: bodyBytesOf(one.case),
      ...one.samples?.find((other) => other.hop === hop),
    }));
    const problem = samples.flatMap(({ problems = [] }) => problems).find(({ kind }) => kind === "memory")?.problem ?? null;
    // Other processes than in the first case: its idle memory is none of theirs.
    const areOthers = samples.some(({ memory = [] }) => memory.some(({ pid }) => !before.some((one) => one.pid === pid)));
    if (problem !== null || areOthers) return { hop, growth: null, problem: problem ?? "processes-changed" };
    const passed = samples.slice(1).map(({ bodyBytes, memory = [] }) => ({ bodyBytes, memory }));
    return { hop, growth: growthOf(passed, new Map(before.map(({ pid, idleKb }) => [pid, idleKb]))), problem: null };
  });
