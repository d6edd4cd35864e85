// Older versions of Node for hops, never for the lab: `http-proxy@node20`. What they report of a reset differs, and so does what follows.
import { delimiter, dirname, join } from "node:path";
import { runToEnd } from "./child.ts";
import { titleOf } from "./hop.ts";
import { findBinary, harnessFolder } from "./places.ts";
import type { ServerPlan } from "./runtime.ts";

/** Where `npm run prepare-nodes` puts them. */
const home = (major: number): string => join(dirname(harnessFolder), "out", "node", String(major));

interface Found {
  file: string;
  version: string;
}

const known = new Map<number, Promise<Found | null>>();

/** Of this major version, prepared or on the PATH. */
export const findNodeOf = (major: number): Promise<Found | null> => {
  const found = known.get(major) ?? look(major);
  known.set(major, found);
  return found;
};

const look = async (major: number): Promise<Found | null> => {
  const folders = [join(home(major), "node_modules", "node", "bin"), ...(process.env["PATH"] ?? "").split(delimiter)];
  for (const file of new Set(folders.map((folder) => join(folder, "node")))) {
    if ((await findBinary(file)) === null) continue;
    const version = await versionOf(file);
    if (version.startsWith(`v${major}.`)) return { file, version };
  }
  return null;
};

const versionOf = (file: string): Promise<string> =>
  runToEnd(file, ["--version"]).then(
    ({ text }) => text.trim(),
    () => "",
  );

/** Why this hop's version of Node is missing, with the fix. */
export const missingNode = async (plan: ServerPlan): Promise<string | null> => {
  if (plan.kind !== "node" || !plan.node || (await findNodeOf(plan.node)) !== null) return null;
  return `${titleOf(plan)} cannot run here: there is no Node ${plan.node} on this machine. Install it with "npm run prepare-nodes", or put it on the PATH.`;
};
