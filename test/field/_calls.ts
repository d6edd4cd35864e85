// Calls of `hopwise check` on what people bring (`calls.yaml` of each folder), and whether an answer is the expected one.
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { parse, stringify } from "yaml";
import type { CheckReport } from "../../harness/report/check-report.ts";
import { compare, readExpected } from "../configs/_expected.ts";
import type { Expected } from "../configs/_expected.ts";

export interface Call {
  /** Its folder's name. */
  name: string;
  folder: string;
  args: string[];
  /** Null: any but a crash. */
  exit: number | null;
  /** What the sentences on the standard error contain, and what they must not. */
  says: string[];
  not: string[];
  expected: Expected;
  /** Of all routes: with this rule, at one of these lines. */
  findings: { rule: string; line: string }[];
  /** Rules of which nothing must be reported. */
  no: string[];
  /** Parts of what is stubbed, and why. */
  stubs: string[];
  /** No trial is inconclusive. */
  judged: boolean;
}

interface Written {
  args: string[];
  exit?: number;
  says?: string[];
  not?: string[];
  routes?: unknown[];
  findings?: { rule: string; line: string }[];
  no?: string[];
  stubs?: string[];
  judged?: boolean;
}

export const readCalls = (folderOfAll: string = import.meta.dirname): Call[] =>
  readdirSync(folderOfAll, { withFileTypes: true })
    .filter((entry) => entry.isDirectory())
    .toSorted((a, b) => (a.name < b.name ? -1 : 1))
    .flatMap(({ name }) => {
      const folder = join(folderOfAll, name);
      const { calls } = parse(readFileSync(join(folder, "calls.yaml"), "utf8")) as { calls: Written[] };
      return calls.map(
        ({ args, exit = null, says = [], not = [], routes = [], findings = [], no = [], stubs = [], judged = false }): Call => ({
          name,
          folder,
          args,
          exit,
          says,
          not,
          expected: readExpected(name, stringify({ title: name, given: args[0], routes })),
          findings,
          no,
          stubs,
          judged,
        }),
      );
    });

export interface Answer {
  code: number | null;
  err: string;
  /** Null: it printed none. */
  report: CheckReport | null;
}

/** What an expert would object to; empty: they agree. */
export const complaintsOf = (call: Call, { code, err, report }: Answer): string[] => {
  const complaints = call.exit !== null && code !== call.exit ? [`exits with ${code}, not ${call.exit}: ${err.slice(-600)}`] : [];
  if (code === null || code === 70) complaints.push(`crashed: ${err}`);
  for (const words of call.says) if (!err.includes(words)) complaints.push(`does not say ${words}: ${err.slice(-600)}`);
  for (const words of call.not) if (err.includes(words)) complaints.push(`says ${words}: ${err.slice(-600)}`);
  return report ? [...complaints, ...complaintsOn(call, report)] : complaints;
};

const complaintsOn = ({ expected, findings, no, stubs, judged }: Call, report: CheckReport): string[] => {
  const complaints = compare(expected, report, ".").map((complaint) => JSON.stringify(complaint));
  const reported = report.findings.map(({ rule, level, at, says }) => `${level} ${rule} ${at.file}:${at.line} ${says}`);
  for (const { rule, line } of findings)
    if (!report.findings.some((one) => one.rule === rule && `${one.at.file}:${one.at.line}` === line))
      complaints.push(`no ${rule} at ${line}; reported: ${reported.join("; ") || "nothing"}`);
  for (const finding of report.findings) if (no.includes(finding.rule)) complaints.push(`${finding.rule}: ${finding.evidence}`);
  for (const words of stubs)
    if (!report.stubs.some(({ what, why }) => `${what}: ${why}`.includes(words))) complaints.push(`does not say that ${words} is stubbed`);
  if (judged)
    for (const { check, scenario } of report.routes.flatMap(({ checks }) => checks))
      if (scenario.outcome === "inconclusive" || scenario.outcome === "harness-fault")
        complaints.push(`${check} is ${scenario.outcome}: ${scenario.why}`);
  return complaints;
};
