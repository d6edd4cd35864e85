// A report of a check in one of the output formats, by its name.
import { checkReporters, reporterNamed } from "../../../harness/commands/formats.ts";
import type { Look } from "../../../harness/report/look.ts";
import type { AnyCheckReport } from "../../../harness/report/predicted-report.ts";

export const rendered = (name: string, report: AnyCheckReport, look: Look = { width: 100, color: false }): string =>
  reporterNamed(checkReporters, name).render(report, look);
