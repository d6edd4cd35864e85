// What a run has left on this machine, found by a marker that its hops' names carry, or by its process id.
import { readdir, readFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { setTimeout as delay } from "node:timers/promises";
import type { Engine } from "../../../harness/runtime/engine.ts";

/** Processes with the marker in their arguments or environment, ours apart. */
export const processesWith = async (marker: string): Promise<string[]> => {
  const pids = (await readdir("/proc")).filter((name) => /^\d+$/.test(name) && Number(name) !== process.pid);
  const texts = await Promise.all(
    pids.map(async (pid) => {
      const parts = await Promise.all(["cmdline", "environ"].map((file) => readFile(`/proc/${pid}/${file}`, "latin1").catch(() => "")));
      return parts.some((part) => part.includes(marker))
        ? `${pid}: ${parts[0]?.replaceAll("\0", " ").replace(/-c #.*hopwise-guard/s, "-c … hopwise-guard")}`
        : null;
    }),
  );
  return texts.filter((text) => text !== null);
};

export const foldersOf = async (pid: number): Promise<string[]> =>
  (await readdir(tmpdir())).filter((name) => name.startsWith("hopwise-") && name.split("-")[2] === String(pid));

/** Containers, networks and volumes that a process made. */
export const onEngine = async ({ docker }: Engine, pid: number): Promise<string[]> => {
  const filters = { label: ["hopwise.run"] };
  const [containers, networks, { Volumes }] = await Promise.all([
    docker.listContainers({ all: true, filters }),
    docker.listNetworks({ filters }),
    docker.listVolumes({ filters }),
  ]);
  const all = [
    ...containers.map(({ Id, Labels }) => ({ what: `container ${Id}`, labels: Labels })),
    ...networks.map(({ Name, Labels }) => ({ what: `network ${Name}`, labels: Labels ?? {} })),
    ...(Volumes ?? []).map(({ Name, Labels }) => ({ what: `volume ${Name}`, labels: Labels })),
  ];
  return all
    .filter(({ labels }) => labels["hopwise.owner"]?.startsWith(`${pid}:`))
    .map(({ what }) => what)
    .toSorted();
};

/** The last answer, once it is empty, or once it has not become shorter for so long: how fast it does depends on the machine. */
export const whenEmpty = async (ask: () => Promise<string[]>, withinMs: number, everyMs = 50): Promise<string[]> => {
  let [until, fewest] = [Date.now() + withinMs, Infinity];
  for (;;) {
    const left = await ask();
    if (left.length < fewest) [until, fewest] = [Date.now() + withinMs, left.length];
    if (left.length === 0 || Date.now() > until) return left;
    await delay(everyMs);
  }
};
