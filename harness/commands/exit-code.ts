// Exit codes, the first that applies. An author's error (2), and an environment in which nothing can be judged (3), are thrown; see `cli.ts`.
import type { CheckReport } from "../report/check-report.ts";
import { unexplained, unjudged } from "../report/check-words.ts";
import type { Report } from "../report/report.ts";

export const exitCodes = { holds: 0, fails: 1, author: 2, unjudged: 3, interrupted: 130 } as const;

export const exitCodeOf = ({ interrupted, scenarios }: Report, { allowUnsupported }: { allowUnsupported: boolean }): number => {
  if (interrupted) return exitCodes.interrupted;
  if (scenarios.some(({ outcome, baseline }) => outcome === "fail" && baseline?.change !== "known")) return exitCodes.fails;
  const isOpen = scenarios.some(
    ({ outcome }) => outcome === "inconclusive" || outcome === "harness-fault" || (outcome === "unsupported" && !allowUnsupported),
  );
  return isOpen ? exitCodes.unjudged : exitCodes.holds;
};

/** An error fails the check, even if other checks could not be judged; a warning does so with `--strict`, a note never. */
export const exitCodeOfCheck = (report: CheckReport, { strict = false }: { strict?: boolean } = {}): number => {
  if (report.interrupted) return exitCodes.interrupted;
  const isFailing = report.findings.some(({ level }) => level === "error" || (strict && level === "warning"));
  if (isFailing || unexplained(report).length > 0) return exitCodes.fails;
  return unjudged(report).length === 0 ? exitCodes.holds : exitCodes.unjudged;
};
