// The servers that run a configuration or a changed copy of it, each with the taps in front of it; and beside them those where limits of
// time are waited for.
import type { BinaryServer } from "../define.ts";
import type { Stage } from "../measure.ts";
import type { ConfiguredServer } from "../runtime/container-configured.ts";
import type { ContainerRuntime } from "../runtime/container.ts";
import { WorldError } from "../runtime/runtime.ts";
import type { AskedVersion } from "../versions.ts";
import type { Check } from "./checks.ts";
import type { Configuration, Dialect } from "./configuration.ts";
import { entriesOf, makeCertificate } from "./entries.ts";
import { openTap } from "./tap.ts";
import type { UpstreamTaps } from "./upstream-taps.ts";

/** What the configuration runs in. */
export interface Build {
  definition: BinaryServer;
  version: AskedVersion | null;
  image: string | null;
  args: string[];
  dialect: Dialect;
}

/** A server that runs a configuration, with the taps around it. */
export interface Standing {
  key: string;
  configuration: Configuration;
  server: ConfiguredServer;
  /** Id of the tap in front of each port that it listens on. */
  clientTaps: ReadonlyMap<number, string>;
}

/** A server beside the given one, where limits are waited for. */
export interface Copy {
  standing: Standing;
  timeScale: number;
}

export interface Servers extends AsyncDisposable {
  start: (configuration: Configuration) => Promise<Standing>;
  /** For these only: where nothing is done but to wait for limits, what would be the copy is all that there is. */
  startFor: (configuration: Configuration, checks?: readonly Check[]) => Promise<Standing>;
  /** The same for those that wait for limits, with a clock that runs faster where it can; started when it is first asked for. */
  copyOf: (one: Standing, timeScale: number) => Promise<Copy>;
  /** And its copy. */
  stop: (one: Standing) => Promise<void>;
  /** Why limits were waited for in real time, on one server at least; null where they were not. */
  whyRealTime: () => string | null;
}

export const openServers = (
  runtime: ContainerRuntime,
  build: Build,
  { sampler }: Stage,
  upstreams: UpstreamTaps,
  signal?: AbortSignal,
): Servers => {
  const certificates = new Map<string, Promise<string>>();
  const starting = new Set<Promise<Standing>>();
  const standing = new Set<Standing>();
  const copies = new Map<Standing, Promise<Copy>>();
  /** Of the server's clock: whether it was ever seen to run faster, and why it once was not. */
  const clock = { isFaster: false, why: null as string | null };
  let servers = 0;

  const certificate = (names: string[]): Promise<string> => {
    const known = certificates.get(names.join()) ?? makeCertificate(runtime, names);
    certificates.set(names.join(), known);
    return known;
  };

  const start = (configuration: Configuration, timeScale = 1): Promise<Standing> => {
    const one = startOne(configuration, timeScale);
    starting.add(one);
    void one.catch(() => {}).finally(() => starting.delete(one));
    return one;
  };

  const startOne = async (configuration: Configuration, timeScale: number): Promise<Standing> => {
    const number = servers++;
    await Promise.all(configuration.upstreams.map(({ host, port }) => upstreams.tapOf(`${host}:${port}`)));
    const resolvers = configuration.resolvers ?? [];
    if (resolvers.length > 0) await upstreams.answerNames(configuration);
    const server = await runtime.startConfigured(
      {
        hop: build.definition.title,
        definition: build.definition,
        version: build.version,
        packages: (configuration.packages ?? []).map(({ name }) => name).toSorted(),
        image: build.image,
        entries: await entriesOf(configuration, build.dialect, certificate),
        args: build.args,
        ports: configuration.ports,
        doors: configuration.doors ?? [],
        addresses: (configuration.addresses ?? []).map(({ address }) => address),
        upstreams: configuration.upstreams,
        places: new Map(upstreams.placesOf(configuration)),
        resolvers,
        hosts: (configuration.hosts ?? []).map(({ host }) => host),
        namesPort: upstreams.namesPort,
        timeScale,
        paths: new Map(configuration.files.map(({ target, path }) => [target, path])),
      },
      upstreams.lab,
    );
    const clientTaps = new Map<number, string>();
    const started: Standing = { key: `configured-${number}`, configuration, server, clientTaps };
    try {
      sampler.watch(started.key, await server.pids());
      for (const port of configuration.ports) {
        const id = `client-${number}-${port}`;
        await openTap(runtime, id, { host: server.address.host, port }, { host: "0.0.0.0", port: 0 });
        clientTaps.set(port, id);
      }
    } catch (error) {
      await close(started).catch(() => {});
      throw error;
    }
    standing.add(started);
    return started;
  };

  const close = async ({ key, server, clientTaps }: Standing): Promise<void> => {
    sampler.unwatch(key);
    await server[Symbol.asyncDispose]();
    await Promise.allSettled(Array.from(clientTaps.values(), (id) => runtime.lab.ask("close-tap", { id })));
  };

  const copyOf = (one: Standing, timeScale: number): Promise<Copy> => {
    const known = copies.get(one) ?? startCopy(one.configuration, timeScale);
    copies.set(one, known);
    return known;
  };

  const startCopy = async (configuration: Configuration, timeScale: number): Promise<Copy> => {
    if (timeScale > 1 && (clock.isFaster || clock.why === null)) {
      try {
        const faster = await start(configuration, timeScale);
        clock.isFaster = true;
        return { standing: faster, timeScale };
      } catch (error) {
        if (!(error instanceof WorldError) || signal?.aborted) throw error;
        clock.why ??= error.message;
      }
    }
    return { standing: await start(configuration), timeScale: 1 };
  };

  const startFor = async (configuration: Configuration, checks: readonly Check[] = []): Promise<Standing> => {
    const timeScale = checks[0]?.timeScale;
    if (timeScale === undefined || checks.some((check) => check.timeScale !== timeScale)) return start(configuration);
    const copy = await startCopy(configuration, timeScale);
    copies.set(copy.standing, Promise.resolve(copy));
    return copy.standing;
  };

  const stop = async (one: Standing): Promise<void> => {
    if (!standing.delete(one)) return;
    const other = await copies.get(one)?.catch(() => null);
    copies.delete(one);
    if (other && other.standing !== one) await stop(other.standing);
    await close(one);
  };

  return {
    start,
    startFor,
    copyOf,
    stop,
    whyRealTime: () => clock.why,
    [Symbol.asyncDispose]: async () => {
      // One that failed may have left others behind that were being started beside it.
      await Promise.allSettled(starting);
      await Promise.allSettled(Array.from(standing, stop));
    },
  };
};
