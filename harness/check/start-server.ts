// Starts a server with a configuration, with the taps in front of it.
import type { AskedVersion } from "../catalog/versions.ts";
import type { BinaryServer } from "../define.ts";
import type { ConfiguredServer } from "../runtime/container-configured.ts";
import type { ContainerRuntime } from "../runtime/container.ts";
import type { Session } from "../session/session.ts";
import { entriesOf, makeCertificate } from "./entries.ts";
import type { CheckedConfig } from "./server.ts";
import { openTap } from "./tap.ts";
import type { UpstreamTaps } from "./upstream-taps.ts";

/** What the configuration runs in. */
export interface Build {
  definition: BinaryServer;
  version: AskedVersion | null;
  image: string | null;
}

/** A server that runs a configuration, with the taps around it. */
export interface ServerUnderTest {
  key: string;
  config: CheckedConfig;
  server: ConfiguredServer;
  /** Id of the tap in front of each port that it listens on. */
  clientTaps: ReadonlyMap<number, string>;
}

/** Starts servers one after another, each with a number of its own, and taps in front of its ports. */
export const starterOf = (
  runtime: ContainerRuntime,
  build: Build,
  sampler: Session["sampler"],
  upstreams: UpstreamTaps,
): ((config: CheckedConfig, timeScale: number) => Promise<ServerUnderTest>) => {
  const certificates = new Map<string, Promise<string>>();
  let servers = 0;

  const certificate = (names: string[]): Promise<string> => {
    const known = certificates.get(names.join()) ?? makeCertificate(runtime, names);
    certificates.set(names.join(), known);
    return known;
  };

  return async (config: CheckedConfig, timeScale: number): Promise<ServerUnderTest> => {
    const { deployment } = config;
    const number = servers++;
    const pem = (): Promise<string> => certificate(deployment.certifiedNames ?? []);
    await Promise.all(deployment.upstreams.map((one) => upstreams.open(one, pem)));
    if ((deployment.resolvers ?? []).length > 0) await upstreams.answerNames(deployment);
    const server = await startConfigured(runtime, build, config, timeScale, certificate, upstreams);
    const clientTaps = new Map<number, string>();
    const started: ServerUnderTest = { key: `configured-${number}`, config, server, clientTaps };
    try {
      sampler.watch(started.key, await server.pids());
      for (const port of deployment.ports) {
        const id = `client-${number}-${port}`;
        await openTap(runtime, id, { host: server.address.host, port }, { host: "0.0.0.0", port: 0 });
        clientTaps.set(port, id);
      }
    } catch (error) {
      await close(runtime, sampler, started).catch(() => {});
      throw error;
    }
    return started;
  };
};

const startConfigured = async (
  runtime: ContainerRuntime,
  build: Build,
  config: CheckedConfig,
  timeScale: number,
  certificate: (names: string[]) => Promise<string>,
  upstreams: UpstreamTaps,
): Promise<ConfiguredServer> => {
  const { deployment } = config;
  const resolvers = deployment.resolvers ?? [];
  return runtime.startConfigured(
    {
      hop: build.definition.title,
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
      places: new Map(upstreams.placesOf(deployment)),
      resolvers,
      hosts: (deployment.hosts ?? []).map(({ host }) => host),
      namesPort: upstreams.namesPort,
      timeScale,
      paths: new Map(deployment.files.map(({ target, path }) => [target, path])),
    },
    upstreams.lab,
  );
};

export const close = async (
  runtime: ContainerRuntime,
  sampler: Session["sampler"],
  { key, server, clientTaps }: ServerUnderTest,
): Promise<void> => {
  sampler.unwatch(key);
  await server[Symbol.asyncDispose]();
  await Promise.allSettled(Array.from(clientTaps.values(), (id) => runtime.lab.ask("close-tap", { id })));
};
