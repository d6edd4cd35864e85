// The container runtime: the lab and every hop in a container of its own, on a network of the run without a route out.
//
//   Hopwise ──TCP, control only──▶ lab ◀──internal network──▶ holder, whose network namespace the hops share
import { randomBytes } from "node:crypto";
import type { Lab } from "../lab/protocol.ts";
import { descendants } from "./child.ts";
import { createClosure, loader } from "./closure.ts";
import { startApplication } from "./container-application.ts";
import type { ApplicationPlan, RunningApplication } from "./container-application.ts";
import { startBinaryHop } from "./container-binary.ts";
import type { OwnNetwork } from "./container-binary.ts";
import { startConfigured } from "./container-configured.ts";
import type { ConfiguredPlan } from "./configured-plan.ts";
import type { ConfiguredServer } from "./container-configured.ts";
import { startNodeHop, upstreamName } from "./container-hop.ts";
import type { Site } from "./container-hop.ts";
import { collectLab, startContainerLab } from "./container-lab.ts";
import { startContainer } from "./engine-start.ts";
import type { Container, ContainerPlan } from "./engine-container.ts";
import type { Engine } from "./engine.ts";
import { titleOf } from "./hop.ts";
import { ensureImage, nodeRecipe } from "./images.ts";
import type { OnProgress } from "../progress.ts";
import { missingNode } from "./node-versions.ts";
import { missingPackages } from "./packages.ts";
import { addressIn, labelsOf, makeNetwork, sweepEngine } from "./run-network.ts";
import { EnvironmentError } from "../errors.ts";
import type { RunningServer, Runtime, ServerPlan } from "./runtime.ts";
import { unclocked } from "./time/unclocked.ts";
import { shared, startHolder } from "./holder.ts";

export interface ContainerRuntime extends Runtime {
  start: (plan: ServerPlan, upstreamPort: number, own?: OwnNetwork) => Promise<RunningServer>;
  /** A server with the user's own configuration, whose upstreams are this address of the lab. */
  startConfigured: (plan: ConfiguredPlan, lab: string) => Promise<ConfiguredServer>;
  /** The user's own application, instead of the lab's origin. */
  startApplication: (plan: ApplicationPlan, signal: AbortSignal) => Promise<RunningApplication>;
  /** What OpenSSL prints, e.g. a certificate and its key. */
  openssl: (args: string[]) => Promise<string>;
  /** Where this machine reaches a tap of the lab, if the engine is on it. */
  labFromHere: () => string;
  /** Address number n of the lab, so that several upstreams can be on one port: for a tap to listen on, and for `start`. */
  address: (index: number) => string;
}

export const openContainer = async (engine: Engine, onProgress: OnProgress): Promise<ContainerRuntime> => {
  const runId = randomBytes(5).toString("hex");
  const containers = createContainers(engine);
  const collecting = collectLab();
  // It is awaited where what was made is removed again.
  collecting.catch(() => {});
  const network = await makeNetwork(engine, runId);
  const close = async (): Promise<void> => {
    await containers.stop();
    await network.remove();
  };
  try {
    const [nodeImage, program] = await Promise.all([ensureImage(engine, nodeRecipe, onProgress), collecting, sweepEngine(engine)]);
    const [{ lab: steered, container, address, hasSpare }, holder] = await Promise.all([
      startContainerLab((plan) => containers.start({ ...plan, labels: labelsOf(runId, "lab") }), engine, nodeImage, network, program),
      startHolder((plan) => containers.start({ ...plan, labels: labelsOf(runId, "holder") }), nodeImage, network.name),
    ]);
    // Without the holder's network no hop can be reached, which is as bad as having no lab.
    const lab: Lab = { ...steered, died: Promise.race([steered.died, holder.died]) };
    const parts = { engine, lab, holder, nodeImage, network: network.name, onProgress };
    const startHop: Site["start"] = (plan) => containers.start({ ...plan, labels: labelsOf(runId, "hop") });
    const [site] = await Promise.all([siteOf(parts, startHop), holder.name(upstreamName, address)]);
    return {
      name: "container",
      lab,
      labPids: () => pidsOf(container),
      labFromHere: () => container.addressOn("bridge"),
      unsupported: async (plan) => unsupported(plan) ?? missingNode(plan),
      address: (index) => {
        if (index === 0) return address;
        if (!hasSpare || network.spare === null)
          throw new EnvironmentError(
            "This engine gives the lab only one address, so upstreams that share a port cannot be distinguished: give them different ports.",
          );
        return addressIn(network.spare, index);
      },
      start: (plan, upstreamPort, own) => {
        if (plan.kind === "node") return startNodeHop(site, plan, upstreamPort);
        if (plan.kind === "binary") return startBinaryHop(site, plan, upstreamPort, own);
        return Promise.reject(new EnvironmentError(unsupported(plan) ?? ""));
      },
      startConfigured: (plan, at) => startConfigured(site, plan, at),
      startApplication: (plan, signal) => startApplication(site, plan, labelsOf(runId), signal),
      openssl: (args) => holder.run(["openssl", ...args]),
      [Symbol.asyncDispose]: async () => {
        await Promise.all([lab[Symbol.asyncDispose](), close()]);
        // The engine may have finished requests of a killed run after this run began.
        await sweepEngine(engine).catch(() => {});
      },
    };
  } catch (error) {
    await close().catch(() => {});
    throw error;
  }
};

type Shared = Pick<Site, "engine" | "lab" | "holder" | "nodeImage" | "network" | "onProgress">;

const siteOf = async (parts: Shared, start: Site["start"]): Promise<Site> => {
  const { holder } = parts;
  const closure = createClosure(`${shared}/code`);
  const loaderFile = `${shared}/loader.mjs`;
  await holder.put([{ name: loaderFile, kind: "file", body: loader }]);
  let placing = Promise.resolve();
  return {
    ...parts,
    loaderFile,
    start,
    locate: closure.locate,
    // In sequence: a later hop relies on files that an earlier one brought.
    place: (files) => (placing = placing.catch(() => {}).then(async () => holder.put(await closure.collect(files)))),
    pids: (one) => pidsOf(one),
  };
};

const unsupported = (plan: ServerPlan): string | null =>
  plan.kind === "command"
    ? `${titleOf(plan)} cannot run in a container, which does not have this machine's programs: use --runtime process.`
    : (missingPackages(plan) ?? unclocked(plan, "container"));

interface Containers {
  start: (plan: ContainerPlan) => Promise<Container>;
  stop: () => Promise<void>;
}

/** All containers of a run, including those still starting when it ends. */
const createContainers = (engine: Engine): Containers => {
  const members = new Set<Promise<Container>>();
  let isOver = false;
  return {
    start: (plan) => {
      if (isOver) return Promise.reject(new EnvironmentError(`${plan.title} was not started: the run is over.`));
      const member = startContainer(engine, plan);
      members.add(member);
      member.catch(() => members.delete(member));
      return member;
    },
    stop: async () => {
      isOver = true;
      const results = await Promise.allSettled([...members].map(async (member) => (await member.catch(() => null))?.stop()));
      const failure = results.find((result) => result.status === "rejected");
      if (failure) throw failure.reason;
    },
  };
};

/** The engine may run in a virtual machine with its own process ids, so the process must belong to the container. */
const pidsOf = async (container: Container): Promise<number[]> => {
  // Not only where it is reached by a local name: in a container beside the engine it is reached by the bridge's address.
  const pid = await container.pid().catch(() => 0);
  return pid > 0 && (await container.owns(pid)) ? descendants(pid) : [];
};
