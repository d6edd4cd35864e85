// What a file of formats/ exports: one output format, for runs, for probes, for checks, and for checks of which nothing could run. Its name is the file's.
import type { CheckReport } from "./check-report.ts";
import type { Look } from "./look.ts";
import type { AnyCheckReport, PredictedReport } from "./predicted-report.ts";
import { isPredicted } from "./predicted-report.ts";
import type { ProbeReport } from "./probe-report.ts";
import type { Report } from "./report.ts";

export type Renderer<R> = (report: R, look: Look) => string;

export interface Format {
  /** The ending of its files, where another program reads them whole: nothing else may be in the same place. Null: text between other text. */
  ending: string | null;
  /** In one line, for `--help` and for documentation. */
  is: string;
  /** Absent: it is not for runs. */
  run?: Renderer<Report>;
  /** Absent: it is not for checks. */
  check?: Renderer<AnyCheckReport>;
  /** Absent: it is not for probes. */
  probe?: Renderer<ProbeReport>;
}

/** A check that ran, or one that could only be predicted. */
export const either =
  (ran: Renderer<CheckReport>, predicted: Renderer<PredictedReport>): Renderer<AnyCheckReport> =>
  (report, look) =>
    isPredicted(report) ? predicted(report, look) : ran(report, look);
