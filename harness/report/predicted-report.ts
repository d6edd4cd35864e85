// What `hopwise check` reports where nothing could run: the other shape of its JSON (schema hopwise.check/1).
import type { Use } from "../check/configuration.ts";
import type { CheckReport, CheckRoute, Line, Rule } from "./check-report.ts";
import type { Report } from "./report.ts";

/** One thing that a directive may do. */
export interface Risk {
  /** The rule that a run would report. */
  rule: Rule;
  /** A clause after "may": `hold records until the stream ends`. Never an observation. */
  may: string;
  /** The trials of a run that would show it. */
  trials: string[];
  /** Clauses after "if": `the client sends Accept-Encoding: gzip`. Empty: for every request. */
  provided: string[];
}

/** What a directive that applies to a route may do, from documentation; nothing ran. */
export interface Prediction {
  /** Stable across runs while the line does not move. */
  id: string;
  /** risk: it may break what must hold. note: worth knowing. */
  level: "risk" | "note";
  route: string;
  /** For an absent directive, the block that lacks it. */
  at: Line;
  /** The text of that line, if available. */
  quote?: string;
  /** As written, e.g. `gzip_types text/event-stream`, or the name of the absent directive. */
  directive: string;
  absent: boolean;
  /** For an absent directive: the server's default, if informative. */
  default: string | null;
  /** Why the directive applies, as a clause after "it", if the line does not show it; otherwise null. */
  because: string | null;
  with: { at: Line; directive: string } | null;
  /** @minItems 1 */
  risks: Risk[];
  /** One of the changes that a run would try: a unified diff. Not proven. */
  fix: { title: string; diff: string; cost: string | null; link: string } | null;
  link: string;
}

/** `checks` and `limits` are empty. */
export interface PredictedRoute extends CheckRoute {
  /** What the route asks for beside responses, by its own lines. */
  features: Use[];
  /** The trials that a run would put it through. */
  trials: string[];
}

/** Without a container engine: nothing ran; only what is known of the directives. */
export interface PredictedReport extends Omit<CheckReport, "machine" | "server" | "application" | "realTime" | "control" | "writes"> {
  machine: Omit<Report["machine"], "labNode"> & { labNode: null };
  server: null;
  control: null;
  notRun: {
    reason: "no-container-engine";
    /** The engine's address in DOCKER_HOST; null: not set. */
    at: string | null;
    /** What was requested but needs an engine, one sentence each. */
    notDone: string[];
  };
  routes: PredictedRoute[];
  findings: [];
  predicted: Prediction[];
}

export type AnyCheckReport = CheckReport | PredictedReport;

export const isPredicted = (report: AnyCheckReport): report is PredictedReport => "predicted" in report;
