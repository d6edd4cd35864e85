// Memory: what a hop needs for a body, and for one of twice the size. Pure.
import { repeat } from "../model/case-builder.ts";
import type { Build } from "../model/case-builder.ts";
import type { BodyBytes } from "../model/figures.ts";
import { largestBodyBytes } from "../model/memory-growth.ts";
import { bodyBytesOf, isWhole, readers, seriesIn } from "../model/memory-series.ts";
import type { Reader } from "../model/memory-series.ts";
import type { SamplePlan } from "../model/samples.ts";
import type { Case } from "../model/script.ts";
import type { Setting, Sight, TrialDefinition } from "../model/trial.ts";

/** A body of `bodyBytes` passes, to a client that reads fast and to one that does not, while the memory of every hop is sampled. Where a hop
 *  needed more than half as much memory, the body is doubled, up to 200 MB: memory that follows the body is held. Sampling needs Linux, and the
 *  right to read and write the hops' files in /proc. */
export interface Memory {
  kind: "memory";
  /** Of the first body, in bytes; default: 50 MB. A smaller one may fit into memory that a hop has free anyway. */
  bodyBytes?: BodyBytes;
}

const usualBodyBytes = 50_000_000;
const records = 100;
/** A small body is so much smaller. */
const smallShare = 50;
/** Until all hops have read what they will. */
const stallMs = 1000;
/** An application asks for each record, which takes long on a busy machine. */
const patienceMs = 60_000;
/** The header section and the first records: the rest is counted only. */
const keepBytes = 64 * 1024;

const samples: SamplePlan = { kinds: ["memory", "processor", "descriptors"], on: null, everyMs: 100 };

const words: Record<Reader, string> = {
  fast: "read as fast as it comes",
  slow: "of which the client reads nothing more after the first record until the hops take no more",
};

const sizeIn = (bytes: number): string => (bytes >= 1_000_000 ? `${bytes / 1_000_000} MB` : `${bytes / 1000} kB`);

const bodyCase = (build: Build, recordBytes: number[], reader: Reader, role: "memory" | "small-body"): Case => {
  const bodyBytes = recordBytes.reduce((sum, bytes) => sum + bytes, 0);
  return build(role, `a body of ${sizeIn(bodyBytes)}, ${words[reader]}`, {
    variant: role === "memory" ? `${reader}-${bodyBytes}` : "",
    recordBytes,
    steps: [{ do: "headers" }, { do: "write", records: recordBytes.length, everyMs: 0 }, { do: "end" }],
    clients: [reader === "slow" ? { stall: { records: 1, forMs: stallMs } } : {}],
    patienceMs,
    samples,
    keepBytes,
  });
};

const casesOf = ({ bodyBytes = usualBodyBytes }: Memory, { build }: Setting): Case[] => {
  const recordBytes = Math.round(bodyBytes / records);
  return [
    // What a server loads with its first request is no part of what a body needs.
    bodyCase(build, repeat(recordBytes, records / smallShare), "fast", "small-body"),
    ...readers.map((reader) => bodyCase(build, repeat(recordBytes, records), reader, "memory")),
  ];
};

/** The body twice as large, for the readers that one of the hops is still undecided for. */
const follow = ({ seen, points }: Sight): Case[] =>
  points.flatMap(({ at, build, placed }) =>
    seriesIn(seen.filter(({ case: { point } }) => JSON.stringify(point) === JSON.stringify(at))).flatMap(({ reader, cases, hops }) => {
      const last = cases.at(-1);
      const isOpen = hops.some(({ growth }) => growth?.state === "open");
      if (!last || !isOpen || bodyBytesOf(last.case) >= largestBodyBytes || !isWhole(last)) return [];
      const { recordBytes } = last.case.script.body;
      return [placed(bodyCase(build, [...recordBytes, ...recordBytes], reader, "memory"))];
    }),
  );

export const memory: TrialDefinition<Memory> = {
  tests: ["memory"],
  takesMs: { usually: 15_000, passes: 5000 },
  cases: casesOf,
  follow,
  ownServers: true,
  runsAlone: true,
};
