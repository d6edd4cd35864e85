// A configuration of this folder, checked by the command: its exit code and its report.
import type { CheckReport, Finding } from "../../../harness/report/check-report.ts";
import { hopwise } from "../_cli.ts";

export const checkedIn = async (folder: string, ...args: string[]): Promise<{ code: number | null; report: CheckReport }> => {
  const { code, out, err } = await hopwise(["check", ...args, "--reporter", "json"], { folder: `${import.meta.dirname}/${folder}` });
  if (out === "") throw new Error(err);
  return { code, report: JSON.parse(out) as CheckReport };
};

/** `rule file:line` of all that are no notes of lines without effect, with their level. */
export const inShort = ({ findings }: CheckReport): string[] =>
  findings.map(({ level, rule, at }: Finding) => `${level} ${rule} ${at.file}:${at.line}`).toSorted();
