// What a run tells: data for every reporter, and the shape of `--reporter json` (schema hopwise.report/1).
import type { Headline, Outcome } from "../model/outcome.ts";
import type { Condition } from "../model/sweep.ts";
import type { Facet, Undecided, Verdict } from "../model/verdict.ts";
import type { ControlFigures, TapLevel } from "../model/trace.ts";

/** One connection as the report tells it: what passed from one neighbour to the next. */
export interface ConnectionReport {
  from: string;
  to: string;
  level: TapLevel;
  /** Milliseconds from the arm's start; null where nothing came. */
  headersAtMs: number | null;
  /** When each record was whole; null: never. */
  recordsAtMs: (number | null)[];
  endedAtMs: number | null;
  end: string;
  /** Who closed it, in the order of time. Absent: nobody did, or it was used again. */
  closings?: { atMs: number; by: "from" | "to"; how: "fin" | "reset" }[];
}

/** What passed for a request beside the first client's: a later client's, or one that a hop made once more. */
export interface OtherConnectionReport extends ConnectionReport {
  /** Whose it was, counted from 1. */
  client: number;
  requestedAtMs: number;
}

export interface ArmReport {
  id: string;
  title: string;
  /** Where the arm stands on each axis of a sweep. */
  point: Record<string, string>;
  /** When the origin wrote each record. */
  writtenAtMs: number[];
  /** The first client's. */
  connections: ConnectionReport[];
  /** Absent: there were none. */
  others?: OtherConnectionReport[];
}

/** Beside a baseline. known: it failed there in the same way, which does not fail the run. new: it did not. fixed: it failed there. */
export interface Comparison {
  change: "known" | "new" | "fixed";
  /** What the baseline says of it, in a few words. */
  was: string;
}

export interface ScenarioReport {
  id: string;
  /** As seen from where Hopwise ran; null where it is not in a file there: the catalogue, `--hop`. */
  file: string | null;
  title: string;
  kind: "requirement" | "characterization";
  chain: string[];
  trial: string;
  request: { method: string; version: string; acceptEncoding: string | null };
  /** What must hold, or what is known to happen. */
  expected: Record<string, string | number>;
  because: string | null;
  twin: string | null;
  outcome: Outcome;
  headline: Headline;
  culprit: string | null;
  why: string;
  facets: Facet[];
  undecided: Undecided[];
  limits: Verdict["limits"];
  /** Verdicts that flip along an axis of the sweep, with the values on each side. */
  conditions: Condition[];
  arms: ArmReport[];
  tookMs: number;
  /** What the machine or a hop that died left undecided was played a second time, with at most three others beside it; that is what is told.
   *  Absent: it was not. */
  playings?: 2;
  /** A line for a shell that runs it again, and keeps what is seen; null where it is in no file. */
  reproduce: string | null;
  /** The address of the user's own application in the origin's place: whose body it is, and whether all of it came, is not known. Absent:
   *  the lab's origin. */
  application?: string;
  /** How many times faster the clocks of its servers ran: limits, and what was asked for, are by those; all other times are ours. Absent:
   *  they ran as they do. */
  timeScale?: number;
  /** Null without a baseline, and where there is nothing to say. */
  baseline: Comparison | null;
}

/** Shard `index` of `of`, counted from 1. */
export interface Shard {
  index: number;
  of: number;
}

/** A run that went into a merged report. */
export type Part = Pick<Report, "shard" | "machine" | "control" | "startedAt" | "tookMs">;

export interface Report {
  schema: "hopwise.report/1";
  tool: { name: "hopwise"; version: string };
  runtime: "process" | "container";
  machine: { platform: string; cores: number; node: string; labNode: string };
  /** What really ran, by hop. */
  versions: Record<string, string>;
  /** How many times faster clocks were to run where that is possible (`--time-scale`); each scenario says what was done. */
  timeScale: number;
  control: ControlFigures | null;
  startedAt: string;
  tookMs: number;
  interrupted: boolean;
  /** Null: all that was asked for. */
  shard: Shard | null;
  /** Of a merged report: what it was made of. `control` is then the worst of all. */
  parts: Part[];
  scenarios: ScenarioReport[];
}

export const outcomes = ["pass", "fail", "unsupported", "inconclusive", "harness-fault"] as const satisfies readonly Outcome[];
