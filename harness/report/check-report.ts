// What `hopwise check` tells: data for every reporter, and the shape of its JSON (schema hopwise.check/1).
import type { LeftOut, Overlay, Place } from "../check/configuration.ts";
import type { ControlFigures } from "../model/trace.ts";
import type { Limit } from "../model/verdict.ts";
import type { Report, ScenarioReport } from "./report.ts";

/** One kind of finding each: it has a page of its own, `docs/verdicts/<rule>.md`. */
export type Rule =
  | "buffered"
  | "batched"
  | "lagging"
  | "held"
  | "incomplete-silent"
  | "hung"
  | "timed-out"
  | "error-response"
  | "no-response"
  | "malformed"
  | "cached"
  | "collapsed"
  | "asked"
  | "altered"
  | "lost"
  | "late"
  | "reload"
  | "upgrade"
  | "upload"
  | "folk-cure";

/** Where a finding stands, without offsets. */
export type Line = Pick<Place, "file" | "line" | "column">;

export interface CheckRoute {
  id: string;
  at: Line;
  title: string;
  /** What a client asks for, e.g. `https://app.example/events`. */
  url: string;
  upstreams: string[];
  /** One trial each; the scenario's id is `<route>/<check>`. */
  checks: { check: string; scenario: ScenarioReport }[];
  /** Limits of time that were measured here, on the server's own clock. */
  limits: { kind: Limit | "limit-unclassified"; ms: number; tells: string; timeScale: number }[];
  /** Kinds of limits that were looked for so long, and of which none came: on the server's own clock too. */
  noLimits?: { kind: Limit; atLeastMs: number; timeScale: number }[];
}

export interface Guilty {
  at: Line;
  /** As it stands there, e.g. `gzip_types text/event-stream`, or the name of what is absent. */
  directive: string;
  absent: boolean;
  /** Its partner where only both together did it. */
  with: { at: Line; directive: string } | null;
  link: string;
}

export interface Cure {
  title: string;
  /** Unified diff with paths as the user gave them; null where only the application can do it. */
  diff: string | null;
  /** What the application must send; else null. */
  headers: [name: string, value: string][] | null;
  /** The finding's evidence before and after. */
  before: string;
  after: string;
  /** Measured: what else changed. */
  costs: string[];
  link: string;
}

export interface Finding {
  /** Stable over runs: `<rule>:<route>:<check>`. */
  id: string;
  rule: Rule;
  /** error: a requirement is broken. note: worth knowing (a folk cure, a limit). */
  level: "error" | "note";
  route: string;
  check: string;
  /** One sentence, without the place: `gzip_types text/event-stream holds the stream to its end when the client accepts gzip`. */
  says: string;
  /** The guilty line, or the route's own where none could be proven. */
  at: Line;
  /** The text of that line, where it is at hand. */
  quote?: string;
  /** Null: no experiment could prove one. */
  guilty: Guilty | null;
  /** What was tried in vain, or why nothing was, where `guilty` is null. */
  unproven: string | null;
  evidence: string;
  /** Under which circumstances, e.g. `Accept-Encoding: gzip`; empty: in all that were tried. */
  conditions: string[];
  cure: Cure | null;
}

export interface CheckReport {
  schema: "hopwise.check/1";
  tool: Report["tool"];
  machine: Report["machine"];
  /** What was checked: as given, and every file of it that was read. */
  given: string;
  files: string[];
  purpose: string;
  /** With `--keep-app`: the services of the user's own that answered in place of the lab's origin. */
  application?: {
    services: { service: string; at: string; image: string }[];
    /** Routes that lead to them. */
    routes: string[];
    /** A stream that did not end was watched for so long. */
    watchMs: number;
    /** Trials of which nothing is known on these routes, since an application that is kept is told nothing. */
    notTested: string[];
  };
  /** What really ran, e.g. `nginx/1.26.3`, and where it came from. */
  server: { version: string; image: string; why: string };
  /** Why limits of time were waited for in real time; absent where the server's clock was run faster. */
  realTime?: string;
  control: ControlFigures | null;
  startedAt: string;
  tookMs: number;
  /** The cures are made in the files (`--write`). */
  writes?: true;
  interrupted: boolean;
  overlays: (Omit<Overlay, "place"> & { at: Line | null })[];
  leftOut: (Omit<LeftOut, "place"> & { at: Line })[];
  routes: CheckRoute[];
  findings: Finding[];
}
