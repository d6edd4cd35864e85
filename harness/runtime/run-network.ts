// What a run leaves on an engine, under its name and with its owner, and how a later run finds what is left of the dead.
import type { Engine } from "./engine.ts";
import { ignoreGone, removeContainer } from "./engine-calls.ts";
import { fateOf, ownerFromText, ownerToText, thisOwner } from "./owner.ts";
import { WorldError } from "./runtime.ts";

const runLabel = "hopwise.run";
const ownerLabel = "hopwise.owner";
const roleLabel = "hopwise.role";
const sinceLabel = "hopwise.since";

export type Role = "lab" | "yard" | "hop";

export const labelsOf = (runId: string, role?: Role): Record<string, string> => ({
  [runLabel]: runId,
  [ownerLabel]: ownerToText(thisOwner()),
  [sinceLabel]: String(Date.now()),
  ...(role ? { [roleLabel]: role } : {}),
});

export interface RunNetwork {
  /** Of the network, which has no route out, and of the volume. */
  name: string;
  /** The upper half of its addresses, which the engine does not come to give: `172.18.128.0/17`. */
  spare: string | null;
  remove: () => Promise<void>;
}

export const makeNetwork = async ({ docker }: Engine, runId: string): Promise<RunNetwork> => {
  const name = `hopwise-${runId}`;
  const Labels = labelsOf(runId);
  const network = await docker.createNetwork({ Name: name, Internal: true, Labels }).catch((error: unknown) => {
    throw new WorldError(
      `The engine could not make a network: ${(error as Error).message}. "docker network prune" removes those that nothing uses.`,
      { cause: error },
    );
  });
  await docker.createVolume({ Name: name, Labels });
  const { IPAM } = await network.inspect();
  const remove = async (): Promise<void> => {
    await network.remove().catch(ignoreGone);
    await docker.getVolume(name).remove().catch(ignoreGone);
  };
  return { name, spare: upperHalf(IPAM?.Config?.[0]?.["Subnet"] ?? ""), remove };
};

export const upperHalf = (subnet: string): string | null => {
  const [a, b, c, d, bits] = subnet.split(/[./]/).map(Number);
  if (a === undefined || b === undefined || c === undefined || d === undefined || bits === undefined || bits > 28) return null;
  return `${toAddress(toNumber(a, b, c, d) + 2 ** (31 - bits))}/${bits + 1}`;
};

/** The address at `index` in a range. */
export const addressIn = (range: string, index: number): string => {
  const [a = 0, b = 0, c = 0, d = 0] = range.split(/[./]/).map(Number);
  return toAddress(toNumber(a, b, c, d) + index);
};

const toNumber = (...bytes: number[]): number => bytes.reduce((sum, byte) => sum * 256 + byte, 0);
const toAddress = (number: number): string => [24, 16, 8, 0].map((shift) => Math.floor(number / 2 ** shift) % 256).join(".");

interface Left {
  labels: Record<string, string>;
  remove: () => Promise<unknown>;
}

/** A run elsewhere is over when its lab, which ends without its steering, has not run for this long. */
const elsewhereAfterMs = 300_000;

/** What was asked of the engine just before a run was killed comes while the rest is being removed. */
const mostPasses = 5;

/** Removes what runs left that are over, and answers their names. */
export const sweepEngine = async (engine: Engine): Promise<string[]> => {
  const swept = new Set<string>();
  for (let pass = 0; pass < mostPasses; pass += 1) {
    const found = await sweepOnce(engine);
    if (found.length === 0) break;
    for (const run of found) swept.add(run);
  }
  return [...swept];
};

const sweepOnce = async ({ docker }: Engine): Promise<string[]> => {
  const filters = { label: [runLabel] };
  const [containers, networks, { Volumes }, images] = await Promise.all([
    docker.listContainers({ all: true, filters }),
    docker.listNetworks({ filters }),
    docker.listVolumes({ filters }),
    docker.listImages({ filters }),
  ]);
  const runningLabs = new Set<string | undefined>(
    containers.filter(({ State, Labels }) => State === "running" && Labels[roleLabel] === "lab").map(({ Labels }) => Labels[runLabel]),
  );
  const here = thisOwner();
  const isOver = ({ labels }: Left): boolean => {
    const owner = ownerFromText(labels[ownerLabel] ?? "");
    const fate = owner === null ? "elsewhere" : fateOf(owner, here);
    const ageMs = Date.now() - Number(labels[sinceLabel]);
    return fate === "dead" || (fate === "elsewhere" && !runningLabs.has(labels[runLabel]) && ageMs > elsewhereAfterMs);
  };
  const steps: Left[][] = [
    containers.map(({ Id, Labels }) => ({ labels: Labels, remove: () => removeContainer(docker, Id) })),
    networks.map(({ Id, Labels }) => ({ labels: Labels ?? {}, remove: () => docker.getNetwork(Id).remove() })),
    (Volumes ?? []).map(({ Name, Labels }) => ({ labels: Labels, remove: () => docker.getVolume(Name).remove() })),
    // What it was built from stays, as the engine's own cache.
    images.map(({ Id, Labels }) => ({ labels: Labels ?? {}, remove: () => docker.getImage(Id).remove({ force: true, noprune: true }) })),
  ];
  for (const step of steps) await Promise.all(step.filter(isOver).map(({ remove }) => remove().catch(() => {})));
  return steps
    .flat()
    .filter(isOver)
    .map(({ labels }) => labels[runLabel] ?? "");
};
