// A run's network, and labels on everything it creates on the engine, so that a later run removes what a killed run left.
import { setTimeout as delay } from "node:timers/promises";
import type { Engine } from "./engine.ts";
import { ignoreGone, removeContainer } from "./engine-calls.ts";
import { fateOf, ownerFromText, ownerToText, thisOwner } from "./owner.ts";
import { EnvironmentError } from "../errors.ts";

const runLabel = "hopwise.run";
const ownerLabel = "hopwise.owner";
const roleLabel = "hopwise.role";
const sinceLabel = "hopwise.since";

export type Role = "lab" | "holder" | "hop";

export const labelsOf = (runId: string, role?: Role): Record<string, string> => ({
  [runLabel]: runId,
  [ownerLabel]: ownerToText(thisOwner()),
  [sinceLabel]: String(Date.now()),
  ...(role ? { [roleLabel]: role } : {}),
});

export interface RunNetwork {
  /** The name of the network, which has no route out, and of the volume. */
  name: string;
  /** The upper half of its addresses, which the engine does not reach when it assigns them: `172.18.128.0/17`. */
  spare: string | null;
  remove: () => Promise<void>;
}

/** The volume with the sockets that the lab listens on. */
export const socketsOf = (network: string): string => `${network}-sockets`;

/** Where it is mounted, in the lab and in servers that connect to them. */
export const socketFolder = "/hopwise-sockets";
/** The engine's machine gets no address on it: a listener there on 0.0.0.0 would be reached by the gateway's, though there is no route out. */
const withoutHost = { "com.docker.network.bridge.inhibit_ipv4": "true" };

export const makeNetwork = async ({ docker }: Engine, runId: string): Promise<RunNetwork> => {
  const name = `hopwise-${runId}`;
  const Labels = labelsOf(runId);
  const create = (Options: Record<string, string>): ReturnType<typeof docker.createNetwork> =>
    docker.createNetwork({ Name: name, Internal: true, Labels, Options });
  // Not every engine knows the option.
  const network = await create(withoutHost)
    .catch(() => create({}))
    .catch((error: unknown) => {
      throw new EnvironmentError(
        `The engine could not create a network: ${(error as Error).message}. Run "docker network prune" to remove unused networks.`,
        { cause: error },
      );
    });
  await Promise.all([name, socketsOf(name)].map((Name) => docker.createVolume({ Name, Labels })));
  const { IPAM } = await network.inspect();
  const remove = async (): Promise<void> => {
    await removeDetached(network).catch(ignoreGone);
    await Promise.all([name, socketsOf(name)].map((volume) => docker.getVolume(volume).remove().catch(ignoreGone)));
  };
  return { name, spare: upperHalf(IPAM?.Config?.[0]?.["Subnet"] ?? ""), remove };
};

/** The engine refuses while containers are attached (HTTP 403), and a busy one may detach them some time after they are gone. Where it goes on
 *  counting one that it no longer knows, that is nothing that a run can end or should fail for: a later run tries again. */
const removeDetached = async (network: ReturnType<Engine["docker"]["getNetwork"]>): Promise<void> => {
  const until = performance.now() + detachingMs;
  for (;;) {
    try {
      // oxlint-disable-next-line no-await-in-loop
      return void (await network.remove());
    } catch (error) {
      if ((error as { statusCode?: number }).statusCode !== 403) throw error;
      if (performance.now() > until) {
        // oxlint-disable-next-line no-await-in-loop
        const { Containers: attached = {} } = (await network.inspect()) as { Containers?: Record<string, unknown> };
        if (Object.keys(attached).length === 0) return;
        throw error;
      }
      // oxlint-disable-next-line no-await-in-loop
      await delay(passEveryMs);
    }
  }
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

/** A run on another machine counts as ended when its lab has not run for this long: a lab ends without its controller. */
const elsewhereAfterMs = 300_000;

const detachingMs = 3000;

/** The engine may finish requests of a killed run while its other resources are removed. */
const mostPasses = 5;
const passEveryMs = 100;

/** Removes what ended runs left and returns their names. */
export const sweepEngine = async (engine: Engine): Promise<string[]> => {
  const swept = new Set<string>();
  for (let pass = 0; pass < mostPasses; pass += 1) {
    if (pass > 1) await delay(passEveryMs);
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
    // The engine keeps the build steps as its cache.
    images.map(({ Id, Labels }) => ({ labels: Labels ?? {}, remove: () => docker.getImage(Id).remove({ force: true, noprune: true }) })),
  ];
  for (const step of steps) await Promise.all(step.filter(isOver).map(({ remove }) => remove().catch(() => {})));
  return steps
    .flat()
    .filter(isOver)
    .map(({ labels }) => labels[runLabel] ?? "");
};
