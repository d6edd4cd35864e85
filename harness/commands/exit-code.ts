// Exit codes, the first that applies. 2 (the author's error) and a world that cannot judge at all come as errors, see `cli.ts`.
import type { CheckReport } from "../report/check-report.ts";
import type { Report } from "../report/report.ts";

export const exitCodes = { holds: 0, fails: 1, author: 2, unjudged: 3, interrupted: 130 } as const;

export const exitCodeOf = ({ interrupted, scenarios }: Report, { allowUnsupported }: { allowUnsupported: boolean }): number => {
  if (interrupted) return exitCodes.interrupted;
  if (scenarios.some(({ outcome, baseline }) => outcome === "fail" && baseline?.change !== "known")) return exitCodes.fails;
  const unjudged = scenarios.some(
    ({ outcome }) => outcome === "inconclusive" || outcome === "harness-fault" || (outcome === "unsupported" && !allowUnsupported),
  );
  return unjudged ? exitCodes.unjudged : exitCodes.holds;
};

/** A fault fails, whatever else could not be judged; a note does not. */
export const exitCodeOfCheck = ({ interrupted, routes, findings }: CheckReport): number => {
  if (interrupted) return exitCodes.interrupted;
  const outcomes = routes.flatMap(({ checks }) => checks.map(({ scenario }) => scenario.outcome));
  if (findings.some(({ level }) => level === "error") || outcomes.includes("fail")) return exitCodes.fails;
  return outcomes.every((outcome) => outcome === "pass") ? exitCodes.holds : exitCodes.unjudged;
};
