// What `hopwise check` reports: data for every reporter, and the shape of its JSON (schema hopwise.check/1).
import type { NotChecked, Stub } from "../check/configuration.ts";
import type { Amount, Factor, Ordinal, Timestamp } from "../model/figures.ts";
import type { ControlFigures } from "../model/trace.ts";
import type { Limit } from "../model/verdict.ts";
import type { Decisive } from "./decisive.ts";
import type { Report, ScenarioReport } from "./report.ts";

/** The kind of a finding: it has a page of its own, `docs/verdicts/<rule>.md`. */
export type Rule =
  | "buffered"
  | "batched"
  | "lagging"
  | "delayed"
  | "throttled"
  | "held"
  | "truncated-silently"
  | "hung"
  | "timed-out"
  | "error-response"
  | "no-response"
  | "malformed"
  | "cached"
  | "collapsed"
  | "retried"
  | "altered"
  | "not-propagated"
  | "propagated-late"
  | "reload"
  | "upgrade"
  | "upload"
  | "refused"
  | "no-effect";

/** error: a requirement is broken. warning: some clients will notice. note: worth knowing (a no-effect directive, a limit). */
export type Level = "error" | "warning" | "note";

/** Where a finding stands. Lines and columns count from 1. */
export interface Line {
  /** The path as it was given. */
  file: string;
  line: Ordinal;
  column: Ordinal;
}

/** What a check tests, where that is no facet of the response. */
type TestedFeature = "reload" | "upgrade" | "upload";

export interface CheckRoute {
  id: string;
  at: Line;
  /** The block as it stands there. */
  title: string;
  /** The URL that a client requests, e.g. `https://app.example/events`. */
  url: string;
  upstreams: string[];
  /** What it carries, where that is not the report's own purpose. */
  purpose?: string;
  /** explicit: named by the user. inferred: `signs` (lines) or its path suggest that it streams. Orders and lowers findings. */
  intent?: { kind: "explicit" | "unknown" } | { kind: "inferred"; signs: { directive: string; at: Line }[]; path: boolean };
  /** One trial for each check; the scenario's id is `<route>/<check>`. `alone`: the server refused or delayed it while others ran; the
   *  attempt alone counts. */
  checks: { check: string; feature?: TestedFeature; scenario: ScenarioReport; alone?: true }[];
  /** Limits of time that were measured here, on the server's own clock. */
  limits: {
    kind: Limit | "unclassified";
    ms: Amount;
    /** `ms` may be off by so much. */
    uncertaintyMs: Amount;
    /** What the client can see when it fires. */
    seenAs: string;
    timeScale: Factor;
    /** In a chain, the hop that set it. */
    hop?: string;
  }[];
  /** Of clients that paused in the middle of a large body: what was ahead of them when they read on, and where. */
  slowClients?: {
    check: string;
    pausedMs: Amount;
    totalBytes: Amount;
    /** What had left the application and not reached the client: in the server, and in sockets around it. */
    aheadBytes: Amount;
    /** What had not left the application. */
    waitingBytes: Amount;
    /** In temporary files, at most; null: not known, e.g. where the response goes to a cache's file. */
    temporaryBytes: Amount | null;
    /** By which the memory of the server's processes had grown, at most; null: not known. */
    memoryBytes: Amount | null;
    /** Null: not known. `at` null: the default. */
    decidedBy: { directive: string; at: Line | null; says: string } | null;
  }[];
  /** Kinds of limits that were looked for so long, and of which none came: on the server's own clock too. */
  noLimits?: { kind: Exclude<Limit, "write-timeout">; atLeastMs: Amount; timeScale: Factor }[];
}

export interface Culprit {
  at: Line;
  /** As written, e.g. `gzip_types text/event-stream`, or the name of the absent directive. */
  directive: string;
  absent: boolean;
  /** Its partner, if only both together cause the fault. */
  with: { at: Line; directive: string } | null;
  link: string;
}

export interface ProvenFix {
  title: string;
  /** Unified diff with paths as given; null if the fix is in the application. */
  diff: string | null;
  /** Header fields that the application must send; otherwise null. */
  headers: [name: string, value: string][] | null;
  /** The finding's evidence without it. */
  before: string;
  /** And with it. */
  after: string;
  /** What else changed, as measured. */
  costs: string[];
  /** Ids of other routes that its lines are in effect for. */
  alsoChanges?: string[];
  link: string;
}

export interface Finding {
  /** Stable across runs: `<rule>:<route>:<check>`, in a chain with `@<hop>`. */
  id: string;
  rule: Rule;
  level: Level;
  /** The level that it has by the route's purpose alone: the route is not known to stream, or others are named. */
  loweredFrom?: Level;
  route: string;
  check: string;
  feature?: TestedFeature;
  /** In a chain, the service whose server it is about. */
  hop?: string;
  /** Further checks of the route that show it. */
  alsoIn?: string[];
  /** One sentence, without file and line: `gzip_types text/event-stream buffers the stream if the client accepts gzip`. */
  says: string;
  /** The culprit line, or the route's line if no culprit is proven. */
  at: Line;
  /** The text of that line, if available. */
  quote?: string;
  /** Null: no experiment proved one. */
  culprit: Culprit | null;
  /** If `culprit` is null: what was tried without success, or why nothing was tried. */
  unproven: string | null;
  /** The facet of the check's trial that it is about. Absent: it is about none. */
  shows?: Decisive;
  evidence: string;
  /** Conditions under which the fault appears, e.g. `Accept-Encoding: gzip`; empty: in all trials. */
  conditions: string[];
  fix: ProvenFix | null;
}

/** An experiment that could not run, even in a second attempt: it is no evidence for or against its line. */
export interface ExperimentNotRun {
  /** suspect: without a line that may be the culprit. fix: with a change that may help. no-effect: without a line that is believed to help.
   *  fixes-together: with all fixes. repetition: unchanged, so that a one-off is not taken for a fault. streams: as many concurrent streams as
   *  one address may open. outage: with requests that fail. */
  experiment: "suspect" | "fix" | "no-effect" | "fixes-together" | "repetition" | "streams" | "outage";
  route: string;
  /** The directive, what the fix does, or the fault to be repeated. */
  what: string;
  at: Line | null;
  /** server-not-started: the changed copy did not start, through no fault of the configuration. trial-not-run: it started, but a trial did not run. */
  reason: "server-not-started" | "trial-not-run";
  why: string;
}

export interface CheckReport {
  schema: "hopwise.check/1";
  tool: Report["tool"];
  machine: Report["machine"];
  /** What was checked, as it was given. */
  given: string;
  /** Every file of it that was read. */
  files: string[];
  purpose: string;
  /** With `--keep-app`: the user's own services, which answered instead of the lab's origin. */
  application?: {
    services: {
      service: string;
      /** The line that names its image or its build. */
      at: string;
      image: string;
    }[];
    /** Routes that lead to them. */
    routes: string[];
    /** How long a stream that did not end was watched. */
    watchMs: number;
    /** Trials that did not run on these routes, since they need a scripted origin. */
    notTested: string[];
  };
  /** The version that ran, e.g. `nginx/1.26.3`, and its image. Of a chain: of the server that clients reach. */
  server: { version: string; image: string; why: string };
  /** Of a deployment: which of its proxies were checked, from the one that clients reach, and which were not. */
  proxies?: {
    checked: { service: string; version: string; image: string; why: string }[];
    /** Nothing is known of what they do to a stream. */
    notChecked: { service: string; title: string; at: Line }[];
  };
  /** Why timeouts were waited for in real time. Absent: the server's clock ran faster. */
  realTime?: string;
  /** What this machine did to a stream through a straight pipe while the run went on. */
  control: ControlFigures | null;
  startedAt: Timestamp;
  tookMs: Amount;
  /** The fixes are made in the files (`--write`). */
  writes?: true;
  interrupted: boolean;
  /** What stood in for what was not there. */
  stubs: (Pick<Stub, "what" | "why"> & { at: Line | null })[];
  /** What could not be stood in for, and is not checked. */
  notChecked: (Pick<NotChecked, "what" | "why"> & { at: Line })[];
  /**
   * Experiments that could not run, nor when they were tried again. Absent where every experiment could.
   *
   * @minItems 1
   */
  experimentsNotRun?: ExperimentNotRun[];
  routes: CheckRoute[];
  findings: Finding[];
  /** One sentence: which routes stream, and what would happen to the others. */
  answer?: string;
}
