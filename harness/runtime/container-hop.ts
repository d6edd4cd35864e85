import { forHop } from "../progress.ts";
import { hopName } from "./hop-name.ts";
import { realpath } from "node:fs/promises";
import { join } from "node:path";
import type { Address, Lab } from "../lab/protocol.ts";
import type { Container, ContainerPlan } from "./engine-container.ts";
import type { Engine } from "./engine.ts";
import { hostLine, hostPlan, notStarted, saidInTime, titleOf } from "./hop.ts";
import type { HostLine, NodePlan } from "./hop.ts";
import { ensureNodeImage } from "./images.ts";
import type { OnProgress } from "../progress.ts";
import { wordsOfExit } from "./exit.ts";
import { lastWords } from "./lines.ts";
import { findNodeOf } from "./node-versions.ts";
import { codeExtension, harnessFolder } from "./places.ts";
import type { RunningServer, ServerPlan } from "./runtime.ts";
import { followLinks } from "./stripped.ts";
import { shared } from "./holder.ts";
import type { Holder } from "./holder.ts";

/** What a hop needs of its run. */
export interface Site {
  engine: Engine;
  lab: Lab;
  holder: Holder;
  nodeImage: string;
  network: string;
  loaderFile: string;
  onProgress: OnProgress;
  start: (plan: Omit<ContainerPlan, "labels">) => Promise<Container>;
  /** Copies these programs and everything they import to the hops' volume. */
  place: (files: string[]) => Promise<void>;
  locate: (file: string) => string;
  pids: (container: Container) => Promise<number[]>;
}

export const hopLimits = { memoryBytes: 512 * 1024 * 1024, processes: 256 };
/** Of the catalog's hops: enough to hold the largest body of a memory trial several times over, since one that is killed shows only that it is gone. */
export const catalogLimits = { ...hopLimits, memoryBytes: 1024 ** 3 };

/** The lab, for hops that share the holder's network. */
export const upstreamName = "web";
export const upstreamAt = (port: number): string => `http://${upstreamName}:${port}`;

export const startNodeHop = async (site: Site, plan: NodePlan, upstreamPort: number): Promise<RunningServer> => {
  const { holder, loaderFile, locate } = site;
  const host = join(harnessFolder, "host", `main${codeExtension}`);
  const real = await followLinks(plan);
  await site.place([host, real.file, ...real.middlewares.map(({ file }) => file)]);
  const image = await imageOf(site, plan);
  const said = Promise.withResolvers<HostLine>();
  const container = await site.start({
    title: titleOf(plan),
    image,
    user: "65534:65534",
    entrypoint: ["node", "--import", loaderFile, locate(await realpath(host))],
    environment: { HOPWISE_HOST: hostPlan(real, locate), UPSTREAM: upstreamAt(upstreamPort), HOST: "0.0.0.0", PORT: "0", PROBE_PORT: "0" },
    network: `container:${holder.id}`,
    volume: { name: site.network, target: shared, isReadOnly: true },
    capabilities: [],
    ...catalogLimits,
    onLine: (line) => {
      const found = hostLine(line);
      if (found) said.resolve(found);
    },
  });
  const { port, probePort, version } = await orFail(plan, container, () => saidInTime(said.promise, plan, holder.address, container.lines));
  return running(site, plan, container, { host: holder.address, port }, version, probePort);
};

const imageOf = async ({ engine, nodeImage, onProgress }: Site, plan: NodePlan): Promise<string> => {
  const found = plan.node ? await findNodeOf(plan.node) : null;
  return found ? ensureNodeImage(engine, nodeImage, found, forHop(onProgress, hopName(plan))) : nodeImage;
};

const diedOf = async (plan: ServerPlan, { died, lines }: Container): Promise<string> =>
  `${titleOf(plan)} ended by itself with ${wordsOfExit(await died)}.${lastWords(lines)}`;

/** What is to be waited for, unless the container ends first; whatever fails, it is removed. */
export const orFail = async <T>(
  plan: ServerPlan,
  container: Container,
  wanted: () => Promise<T>,
  explain: () => Promise<Error | null> = async () => null,
): Promise<T> => {
  const failed = container.died.then(async (exit): Promise<never> => {
    throw (await explain()) ?? notStarted(plan, exit, container.lines);
  });
  failed.catch(() => {});
  try {
    return await Promise.race([wanted(), failed]);
  } catch (error) {
    // What it is asked may fail because it has ended, before that is known.
    const hasEnded = await container.pid().then(
      (pid) => pid === 0,
      () => false,
    );
    const reason: unknown = hasEnded ? await failed.catch((own: unknown) => own) : error;
    await container.stop();
    throw reason;
  }
};

export const running = (
  site: Site,
  plan: ServerPlan,
  container: Container,
  address: Address,
  version: string,
  probePort: number | null = null,
): RunningServer => ({
  hop: plan.hop,
  address,
  probes: probePort === null ? null : { ...address, port: probePort },
  version,
  pids: () => site.pids(container),
  lastLines: container.lines.last,
  died: diedOf(plan, container),
  [Symbol.asyncDispose]: container.stop,
});
