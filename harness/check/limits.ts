// The limits of time of a route: those that were found, and those that were looked for in vain. Pure.
import type { ArmTrace } from "../model/trace.ts";
import type { Limit } from "../model/verdict.ts";
import type { CheckRoute } from "../report/check-report.ts";
import type { PlayedCheck } from "./check.ts";
import { waitOf } from "./checks.ts";

/** Two trials may find the same one. */
const near = (a: number, b: number): boolean => Math.abs(a - b) <= 0.1 * Math.max(a, b);

export const limitsOf = (played: readonly PlayedCheck[]): Required<Pick<CheckRoute, "limits" | "noLimits">> => {
  const limits: CheckRoute["limits"] = [];
  for (const { result } of played)
    for (const { kind, ms, tells } of result.report.limits)
      if (!limits.some((one) => one.kind === kind && near(one.ms, ms)))
        limits.push({ kind, ms, tells, timeScale: result.trace?.timeScale ?? 1 });
  const noLimits = played.flatMap(noneIn).filter(({ kind }) => !limits.some((one) => one.kind === kind));
  return { limits, noLimits };
};

/** Which kind of limit an arm would have shown. */
const lookedFor: Record<string, Limit> = { "first-byte-wait": "first-byte-limit", silence: "idle-limit", flow: "total-limit" };

const noneIn = ({ check, result }: PlayedCheck): Required<CheckRoute>["noLimits"] => {
  const { trace, report } = result;
  if (trace === null || waitOf(check) === null) return [];
  return trace.arms.flatMap((arm) => {
    const kind = lookedFor[arm.arm.id];
    const isWhole = report.facets.some(
      ({ facet, arm: of, finding }) => facet === "ending" && of === arm.arm.id && finding.member === "complete",
    );
    return kind && isWhole ? [{ kind, atLeastMs: Math.floor(openMs(arm)) * trace.timeScale, timeScale: trace.timeScale }] : [];
  });
};

/** From the application's being asked to its last word: so long it was let be. */
const openMs = ({ arm, origin: [origin] }: ArmTrace): number => {
  const paused = arm.script.steps.reduce((sum, step) => sum + (step.do === "pause" ? step.ms : 0), 0);
  const times = origin?.writes.map(({ at }) => at) ?? [];
  return paused > 0 ? paused : (times.at(-1) ?? 0) - (times[0] ?? 0);
};
