// The report of a run: data for every renderer, and the shape of `--reporter json` (schema hopwise.report/1).
import type { Decisive } from "./decisive.ts";
import type { Headline, Outcome } from "../model/outcome.ts";
import type { Condition } from "../model/conditions.ts";
import type { Facet, Inconclusive, Verdict } from "../model/verdict.ts";
import type { Closing } from "../model/recording.ts";
import type { HopSamples } from "../model/samples.ts";
import type { ControlFigures, EndKind, TapLevel } from "../model/trace.ts";
import type { TrialKind } from "../define.ts";
import type { When } from "../define/scenario.ts";
import type { Amount, Count, Factor, Ordinal, Timestamp } from "../model/figures.ts";

/** Content after a read: milliseconds from the case's start, and decoded bytes so far. */
export type ByteStep = [atMs: number, bytes: Count];

/** What a hop held back of a response: the area between what it had received and what it had sent on. */
export interface HeldReport {
  hop: string;
  /** Bytes times the seconds for which it had them. */
  byteSeconds: Amount;
  /** The most at one time. */
  mostBytes: Count;
}

/** What passed on one connection, from one neighbor to the next. */
export interface ConnectionReport {
  from: string;
  to: string;
  level: TapLevel;
  /** Milliseconds from the case's start; null if nothing came. */
  headersAtMs: number | null;
  /** When each record was complete; null: never. */
  recordsAtMs: (number | null)[];
  /**
   * Content over time, thinned to what a picture shows. Absent: no content was seen.
   *
   * @minItems 1
   */
  bytes?: ByteStep[];
  endedAtMs: number | null;
  end: EndKind;
  /**
   * Who closed it, in the order of time. Absent: neither side did, or it was used again.
   *
   * @minItems 1
   */
  closings?: ({ atMs: number; by: "from" | "to" } & Omit<Closing, "at" | "by" | "passedAt">)[];
}

/** What passed for another request than the first client's: a later client's, or a hop's retry. */
export interface OtherConnectionReport extends ConnectionReport {
  /** Whose it was, counted from 1. */
  client: Ordinal;
  requestedAtMs: number;
}

/** One stimulus of the trial, and when what passed where. */
export interface CaseReport {
  id: string;
  title: string;
  /** The case's value on each axis of a sweep. */
  point: Record<string, string>;
  /** When the origin wrote each record. */
  writtenAtMs: number[];
  /** The first client's. */
  connections: ConnectionReport[];
  /**
   * Absent: there were none.
   *
   * @minItems 1
   */
  others?: OtherConnectionReport[];
  /**
   * Each hop of which both sides were seen. Absent: there was none.
   *
   * @minItems 1
   */
  held?: HeldReport[];
  /** Of a real application: what became of the records that it was given. Absent: the lab's origin. */
  sent?: SentReport;
  /**
   * What was sampled of each hop's processes. Absent: nothing was.
   *
   * @minItems 1
   */
  sampled?: SampledReport[];
}

/** Of all processes of a hop together, while one case ran. A figure is absent if it was not asked for, or is not checked. */
export interface SampledReport {
  hop: string;
  processes?: Count;
  /** Resident before the first request. */
  idleKb?: Count;
  /** The most that was resident since then: the sum of each process's peak. */
  peakKb?: Count;
  /** User and system time. */
  processorMs?: Amount;
  /** Of the samples, which are a tenth of a second apart. */
  mostDescriptors?: Count;
  mostSockets?: Count;
  /**
   * What could not be sampled, and why.
   *
   * @minItems 1
   */
  notChecked?: HopSamples["problems"];
}

/** Of the first client's response, as the application's server sent it. */
export interface SentReport {
  /** Records that the application was given and, where it streams, yielded. */
  items: number;
  framing: string;
  /** With content; null where the framing is another. */
  chunks: number | null;
  /** Reads of the tap after it that brought content. */
  reads: number;
  /** What the application says that it noticed of its client's leaving, milliseconds from the case's start. */
  noticed: { atMs: number; what: string }[];
  /** When its own client left; null: it did not. */
  leftAtMs: number | null;
}

/** Compared with a baseline. known: it failed there in the same way, which does not fail the run. new: it did not fail there. fixed: it failed there. */
export interface Comparison {
  change: "known" | "new" | "fixed";
  /** The baseline's result, in a few words. */
  was: string;
}

export interface ScenarioReport {
  id: string;
  /** Path relative to where Hopwise ran; null if it is not the user's file: the catalog, `--hop`. */
  file: string | null;
  title: string;
  kind: "requirement" | "characterization";
  /**
   * In the direction of the bytes.
   *
   * @minItems 2
   */
  chain: string[];
  /** `watch`: of an application that is the user's own. */
  trial: TrialKind | "watch";
  request: {
    method: string;
    version: string;
    acceptEncoding: string | null;
    /** Absent: HTTP/1.1 over TCP. */
    clients?: string;
  };
  /** What must hold, or what is known to happen. */
  expected: Record<string, string | number>;
  /** By axis of the sweep: the values with which it is known to happen, and with no other. Absent: whatever the values. */
  when?: When;
  because: string | null;
  fixedBy: string | null;
  outcome: Outcome;
  headline: Headline;
  culprit: string | null;
  /** One sentence: for a pass what was seen, else what differs. */
  /** The facet that decided; null where nothing could be judged. */
  decisive: Decisive | null;
  why: string;
  facets: Facet[];
  /** Facets that were tested and could not be decided. */
  inconclusive: Inconclusive[];
  /** Limits of time that were found. */
  limits: Verdict["limits"];
  /** Verdicts that flip along an axis of the sweep, with the values on each side. */
  conditions: Condition[];
  cases: CaseReport[];
  tookMs: Amount;
  /** 2: the machine or a crashed hop left it inconclusive, and it ran again with at most three others; or a hop refused it while others ran, and
   *  it ran again alone. The report is of the second attempt. Absent: there was one. */
  attempts?: 2;
  /** A shell command that runs it again and saves traces; null if it is in no file. */
  reproduce: string | null;
  /** The URL of the user's own application as the origin; whose body it sent, and whether it is complete, is not known. Absent: the lab's
   *  origin. */
  application?: string;
  /** How many times faster the clocks of its servers ran: limits, and what was asked for, are by those; all other times are ours. Absent:
   *  they ran as they do.
   *
   * @exclusiveMinimum 1
   */
  timeScale?: number;
  /** Null without a baseline, or without a difference. */
  baseline: Comparison | null;
}

/** Shard `index` of `of`, counted from 1. */
export interface Shard {
  index: Ordinal;
  of: Ordinal;
}

/** A run, and what goes into a merged report of it. */
export interface Part {
  /** Which shard of the scenarios this is; null: all that was asked for. */
  shard: Shard | null;
  machine: { platform: string; cores: Ordinal; node: string; labNode: string };
  /** What this machine did to a stream through a straight pipe while the run went on. */
  control: ControlFigures | null;
  startedAt: Timestamp;
  tookMs: Amount;
}

/** Of a merged report `control` is the worst of all. */
export interface Report extends Part {
  schema: "hopwise.report/1";
  tool: { name: "hopwise"; version: string };
  runtime: "process" | "container";
  /** What really ran, by hop. */
  versions: Record<string, string>;
  /** How many times faster clocks were to run where that is possible (`--time-scale`); each scenario says what was done. */
  timeScale: Factor;
  interrupted: boolean;
  /** Of a merged report: the runs that it was made of. */
  parts: Part[];
  scenarios: ScenarioReport[];
}

export const outcomes = ["pass", "fail", "unsupported", "inconclusive", "harness-fault"] as const satisfies readonly Outcome[];
