// The process runtime: the lab and every hop are child processes on the loopback interface.
import { randomBytes } from "node:crypto";
import { startChild } from "./child.ts";
import type { Child, Program } from "./child.ts";
import { titleOf } from "./hop.ts";
import type { BinaryPlan } from "./hop.ts";
import { findBinary, findNode } from "./places.ts";
import { printed, startBinaryHop, versionOf } from "./process-binary.ts";
import { host, startCommandHop, startNodeHop } from "./process-hop.ts";
import type { Run } from "./process-hop.ts";
import { missingNode } from "./node-versions.ts";
import { missingPackages } from "./packages.ts";
import { startLab } from "./process-lab.ts";
import { makeRunFolder, sweepFolders } from "./run-folder.ts";
import { EnvironmentError } from "../errors.ts";
import { unclocked } from "./time/unclocked.ts";
import type { Runtime, ServerPlan } from "./runtime.ts";
import { satisfies } from "../catalog/versions.ts";

export const openProcess = async (): Promise<Runtime> => {
  const [node] = await Promise.all([findNode(), sweepFolders()]);
  const folder = await makeRunFolder(randomBytes(3).toString("hex"));
  const { lab, pids: labPids } = await startLab(node, host).catch(async (error: unknown) => {
    await folder[Symbol.asyncDispose]();
    throw error;
  });
  const children = new Set<Child>();
  let over = false;
  const add = (program: Program): Child => {
    if (over) throw new EnvironmentError(`${program.title} was not started: the run is over.`);
    const child = startChild(program);
    children.add(child);
    return child;
  };
  const run: Run = { node, folder, lab, add };

  return {
    name: "process",
    lab,
    labPids,
    unsupported,
    start: async (plan, upstreamPort) => {
      const problem = await unsupported(plan);
      if (problem !== null) throw new EnvironmentError(problem);
      if (plan.kind === "node") return startNodeHop(run, plan, upstreamPort);
      if (plan.kind === "binary") return startBinaryHop(run, plan, upstreamPort);
      return startCommandHop(run, plan, upstreamPort);
    },
    [Symbol.asyncDispose]: async () => {
      over = true;
      const stopped = await Promise.allSettled([...children].map((child) => child.stop()));
      const ended = await Promise.allSettled([lab[Symbol.asyncDispose]()]);
      await folder[Symbol.asyncDispose]();
      const failure = [...stopped, ...ended].find((result) => result.status === "rejected");
      if (failure) throw failure.reason;
    },
  };
};

const unsupported = async (plan: ServerPlan): Promise<string | null> => {
  if (plan.kind !== "binary") return missingPackages(plan) ?? missingNode(plan);
  const clock = unclocked(plan, "process");
  if (clock !== null) return clock;
  if (plan.image !== null) return `${titleOf(plan)} needs a container for its image ${plan.image}: use --runtime container.`;
  const file = await findBinary(plan.definition.binary);
  if (file !== null) return (await notInstalled(plan, file)) ?? otherVersion(plan, await versionOf(plan.definition, file));
  const packages = plan.definition.debian.packages.join(" ");
  return `${titleOf(plan)} cannot run here: there is no ${plan.definition.binary} on this machine. Install it (Debian: apt-get install ${packages}), or use --runtime container.`;
};

/** Of what a program starts: the program itself is everywhere. */
const notInstalled = async (plan: BinaryPlan, file: string): Promise<string | null> => {
  const { isProvenByVersion, version, debian } = plan.definition;
  if (!isProvenByVersion) return null;
  const text = await printed(file, version.args);
  if (version.pattern.test(text)) return null;
  const why = text.trim().split("\n").at(-1) ?? "";
  return `${titleOf(plan)} cannot run here: what it needs is not installed on this machine${why === "" ? "" : ` (${why})`}. Install it (Debian: apt-get install ${debian.packages.join(" ")}), or use --runtime container.`;
};

/** Why what is installed is not what the chain names; `found` is e.g. `nginx/1.22.1`. */
const otherVersion = ({ hop, definition, version }: BinaryPlan, found: string): string | null => {
  if (!version || satisfies(found.split("/").at(-1) ?? "", version.asked)) return null;
  return `Hop "${hop}" (${definition.binary}@${version.asked}) cannot run here: this machine has ${found}. Install that version, or use --runtime container, which takes it from Debian ${version.release}.`;
};
