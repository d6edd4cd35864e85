// Starts a server with a configuration, with the taps in front of it; of a chain, first the servers that it forwards to.
import type { ConfiguredServer } from "../runtime/container-configured.ts";
import type { ContainerRuntime } from "../runtime/container.ts";
import type { QueueDelaySampler } from "../runtime/queue-delay.ts";
import { hopOf } from "./build.ts";
import type { Build } from "./build.ts";
import { entriesOf, makeCertificate } from "./entries.ts";
import { Addresses, openInner } from "./inner-taps.ts";
import type { InnerTap } from "./inner-taps.ts";
import type { CheckedConfig } from "./server.ts";
import { openTap } from "./tap.ts";
import { namesPort } from "./upstream-taps.ts";
import type { UpstreamTaps } from "./upstream-taps.ts";

/** A server that runs a configuration, with the taps around it. */
export interface ServerUnderTest {
  key: string;
  build: Build;
  config: CheckedConfig;
  server: ConfiguredServer;
  /** Id of the tap in front of each port that it listens on. */
  clientTaps: ReadonlyMap<number, string>;
  /** Of a chain: the servers that it forwards to. */
  inner: readonly InnerServer[];
}

export interface InnerServer {
  underTest: ServerUnderTest;
  /** By the key of the upstream. */
  taps: ReadonlyMap<string, InnerTap>;
  /** Of the taps; it is given back when they are closed. */
  address: string;
}

export interface Starter {
  start: (config: CheckedConfig, timeScale: number, build?: Build) => Promise<ServerUnderTest>;
  /** And the servers that it forwards to. */
  close: (underTest: ServerUnderTest) => Promise<void>;
}

interface Around {
  runtime: ContainerRuntime;
  sampler: QueueDelaySampler;
  upstreams: UpstreamTaps;
  certificate: (names: string[]) => Promise<string>;
  addresses: Addresses;
  /** Numbers servers. */
  next: () => number;
}

/** Starts servers one after another, each with a number of its own, and taps in front of its ports. */
export const starterOf = (runtime: ContainerRuntime, build: Build, sampler: QueueDelaySampler, upstreams: UpstreamTaps): Starter => {
  const addresses = new Addresses(runtime);
  const certificates = new Map<string, Promise<string>>();
  let servers = 0;

  const certificate = (names: string[]): Promise<string> => {
    const known = certificates.get(names.join()) ?? makeCertificate(runtime, names);
    certificates.set(names.join(), known);
    return known;
  };

  const around: Around = { runtime, sampler, upstreams, certificate, addresses, next: () => servers++ };
  return { start: (config, timeScale, of = build) => startOne(config, timeScale, of, around), close: (one) => close(one, around) };
};

const startOne = async (config: CheckedConfig, timeScale: number, build: Build, around: Around): Promise<ServerUnderTest> => {
  const { runtime, sampler } = around;
  const number = around.next();
  const inner: InnerServer[] = [];
  try {
    for (const hop of config.chain?.inner ?? []) {
      // oxlint-disable-next-line no-await-in-loop
      const underTest = await startOne(hop.config, timeScale, hop.build, around);
      const one = { underTest, taps: new Map<string, InnerTap>(), address: around.addresses.take() };
      inner.push(one);
      // oxlint-disable-next-line no-await-in-loop
      await openInner(runtime, one.address, underTest.server.address.host, hop.upstreams, one.taps);
    }
    const own = config.chain?.own ?? config;
    const server = await startConfigured(own, timeScale, build, inner, around);
    const started = { key: `configured-${number}`, build, config, server, clientTaps: new Map<number, string>(), inner };
    try {
      sampler.watch(started.key, await server.pids());
      for (const port of own.deployment.ports) {
        const id = `client-${number}-${port}`;
        // oxlint-disable-next-line no-await-in-loop
        await openTap(runtime, id, { host: server.address.host, port }, { host: "0.0.0.0", port: 0 });
        started.clientTaps.set(port, id);
      }
    } catch (error) {
      await closeOne(runtime, sampler, started).catch(() => {});
      throw error;
    }
    return started;
  } catch (error) {
    await Promise.allSettled(inner.map((one) => closeInner(one, around)));
    throw error;
  }
};

const startConfigured = async (
  config: CheckedConfig,
  timeScale: number,
  build: Build,
  inner: readonly InnerServer[],
  { runtime, upstreams, certificate }: Around,
): Promise<ConfiguredServer> => {
  const { deployment } = config;
  const resolvers = deployment.resolvers ?? [];
  const taps = new Map(inner.flatMap((one) => [...one.taps]));
  const pem = (): Promise<string> => certificate(deployment.certifiedNames ?? []);
  const scripted = deployment.upstreams.filter(({ host, port }) => !taps.has(`${host}:${port}`));
  await Promise.all(scripted.map((one) => upstreams.open(one, pem)));
  const places = new Map([...upstreams.placesOf(deployment), ...[...taps.values()].map((one) => [one.name, one.address] as const)]);
  const lab = resolvers.length > 0 ? await upstreams.answerNames(deployment, places, taps.values().next().value?.address) : upstreams.lab;
  return runtime.startConfigured(
    {
      hop: hopOf(build),
      definition: build.definition,
      version: build.version,
      packages: (deployment.packages ?? []).map(({ name }) => name).toSorted(),
      image: build.image,
      entries: await entriesOf(config, certificate),
      args: deployment.args,
      ports: deployment.ports,
      portForwards: deployment.portForwards ?? [],
      addresses: (deployment.addresses ?? []).map(({ address }) => address),
      upstreams: deployment.upstreams.filter(({ socket }) => socket === undefined),
      sockets: upstreams.socketsOf(deployment),
      places,
      resolvers,
      hosts: (deployment.hosts ?? []).map(({ host }) => host),
      namesPort,
      timeScale,
      paths: new Map(deployment.files.map(({ target, path }) => [target, path])),
    },
    lab,
  );
};

const close = async (underTest: ServerUnderTest, around: Around): Promise<void> => {
  await Promise.allSettled([closeOne(around.runtime, around.sampler, underTest), ...underTest.inner.map((one) => closeInner(one, around))]);
};

const closeInner = async ({ underTest, taps, address }: InnerServer, around: Around): Promise<void> => {
  await close(underTest, around);
  const ids = new Set([...taps.values()].map(({ id }) => id));
  await Promise.allSettled([...ids].map((id) => around.runtime.lab.ask("close-tap", { id })));
  around.addresses.giveBack(address);
};

const closeOne = async (
  runtime: ContainerRuntime,
  sampler: QueueDelaySampler,
  { key, server, clientTaps }: Pick<ServerUnderTest, "key" | "server" | "clientTaps">,
): Promise<void> => {
  sampler.unwatch(key);
  await server[Symbol.asyncDispose]();
  await Promise.allSettled(Array.from(clientTaps.values(), (id) => runtime.lab.ask("close-tap", { id })));
};
