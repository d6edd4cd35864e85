// The npm packages that Node hops wrap: those of the catalogue are not installed along with Hopwise, so that each may be missing.
import { findPackageJSON } from "node:module";
import { pathToFileURL } from "node:url";
import { packageName } from "../host/package-name.ts";
import { titleOf } from "./hop.ts";
import type { ServerPlan } from "./runtime.ts";

/** Why this hop cannot run, with the line that cures it; null if nothing is missing. */
export const missingPackages = (plan: ServerPlan): string | null => {
  if (plan.kind !== "node") return null;
  const { file, definition, middlewares } = plan;
  const parts = [{ file, packages: [definition.package ?? []].flat() }, ...middlewares];
  const missing = parts.flatMap((part) => (part.packages ?? []).filter((wanted) => !isInstalled(packageName(wanted), part.file)));
  if (missing.length === 0) return null;
  const names = missing.map((wanted) => `"${packageName(wanted)}"`).join(" and ");
  return `${titleOf(plan)} cannot run here: npm has not installed ${names}. Install it with "npm install --save-dev ${missing.join(" ")}".`;
};

const isInstalled = (name: string, askedBy: string): boolean => {
  try {
    return findPackageJSON(name, pathToFileURL(askedBy)) !== undefined;
  } catch {
    return false;
  }
};
