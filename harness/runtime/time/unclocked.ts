import { titleOf } from "../hop.ts";
import type { ServerPlan } from "../runtime.ts";

/** Why this plan's time scale cannot be had whatever the image; null if it may. */
export const unclocked = (plan: ServerPlan, runtime: "process" | "container"): string | null => {
  if (plan.kind !== "binary" || (plan.timeScale ?? 1) === 1) return null;
  const faster = `cannot run with a clock ${plan.timeScale}× faster`;
  if (plan.definition.clock === undefined) return `${titleOf(plan)} ${faster}: Hopwise does not know how. Measure it without a time scale.`;
  return runtime === "process"
    ? `${titleOf(plan)} ${faster} as a process: that needs an image with libfaketime. Use --runtime container, or measure it without a time scale.`
    : null;
};
