// The npm packages that Node hops wrap. Those of the catalog are not installed with Hopwise, so each may be missing.
import { manifestOf, packageName } from "../host/packages.ts";
import { titleOf } from "./hop.ts";
import type { ServerPlan } from "./runtime.ts";

/** Why this hop cannot run, with the line that fixes it; null if nothing is missing. */
export const missingPackages = (plan: ServerPlan): string | null => {
  if (plan.kind !== "node") return null;
  const { file, definition, middlewares } = plan;
  const parts = [{ file, packages: [definition.package ?? []].flat() }, ...middlewares];
  const missing = parts.flatMap((part) => (part.packages ?? []).filter((wanted) => manifestOf(packageName(wanted), part.file) === null));
  if (missing.length === 0) return null;
  const names = missing.map((wanted) => `"${packageName(wanted)}"`).join(" and ");
  return `${titleOf(plan)} cannot run here: npm has not installed ${names}. Install it with "npm install --save-dev ${missing.join(" ")}".`;
};
