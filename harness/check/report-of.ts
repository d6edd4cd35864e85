// A check's report, from what was run and found. Pure.
import { answerOf } from "../report/check-answer.ts";
import type { CheckReport, CheckRoute, ExperimentNotRun, Finding } from "../report/check-report.ts";
import type { Purpose } from "./checks.ts";
import type { Deployment } from "./configuration.ts";
import { lineOf } from "./route-reports.ts";

/** What the user asked for. */
export interface AskedCheck {
  given: string;
  purpose: Purpose;
  version: string;
  kept?: { reported: NonNullable<CheckReport["application"]> };
  write?: boolean;
  signal?: AbortSignal;
}

export interface RanCheck extends Pick<
  CheckReport,
  "machine" | "server" | "proxies" | "control" | "startedAt" | "tookMs" | "routes" | "findings"
> {
  /** Why clocks could not run faster; null where they could. */
  realTime: string | null;
  experimentsNotRun: ExperimentNotRun[];
}

export const reportOf = (
  { given, purpose, version, kept, write, signal }: AskedCheck,
  deployment: Deployment,
  { realTime, experimentsNotRun, findings, routes, machine, server, ...ran }: RanCheck,
): CheckReport => {
  const report: Omit<CheckReport, "answer"> = {
    schema: "hopwise.check/1",
    tool: { name: "hopwise", version },
    machine,
    given,
    files: deployment.files.flatMap(({ path, text }) => (text === null ? [] : [path])),
    purpose,
    ...(kept ? { application: kept.reported } : {}),
    server,
    ...(realTime === null ? {} : { realTime }),
    ...ran,
    interrupted: signal?.aborted ?? false,
    ...(write ? { writes: true as const } : {}),
    stubs: deployment.stubs.map(({ what, why, place }) => ({ what, why, at: place && lineOf(place) })),
    notChecked: deployment.notChecked.map(({ what, why, place }) => ({ what, why, at: lineOf(place) })),
    ...(experimentsNotRun.length > 0 ? { experimentsNotRun } : {}),
    routes,
    findings: inOrderOf(routes, findings).map((finding) => quoted(finding, deployment)),
  };
  return { ...report, answer: answerOf(report) };
};

/** With the text of its line. */
const quoted = (finding: Finding, { files }: Deployment): Finding => {
  const text = files.find(({ path }) => path === finding.at.file)?.text?.split(/\r?\n/)[finding.at.line - 1];
  return text === undefined ? finding : { ...finding, quote: text };
};

/** What is named or inferred to stream comes first. */
const inOrderOf = (routes: readonly CheckRoute[], findings: readonly Finding[]): Finding[] => {
  const order = new Map(routes.map(({ id }, index) => [id, index]));
  return findings.toSorted((a, b) => (order.get(a.route) ?? 0) - (order.get(b.route) ?? 0));
};
