// Where a configuration is put to the test: servers with it (or a changed copy) in front of the lab, and trials through them.
import { setTimeout as delay } from "node:timers/promises";
import type { ChainPlan } from "../chain.ts";
import type { BinaryServer, Scenario } from "../define.ts";
import { now } from "../lab/clock.ts";
import { heldUploads } from "../model/judge/upload.ts";
import { measure, openStage } from "../measure.ts";
import type { Result, Stage } from "../measure.ts";
import type { ConfiguredServer } from "../runtime/container-configured.ts";
import type { ContainerRuntime } from "../runtime/container.ts";
import { WorldError } from "../runtime/runtime.ts";
import type { TarEntry } from "../runtime/tar.ts";
import type { AskedVersion } from "../versions.ts";
import type { Check } from "./checks.ts";
import type { Configuration, Dialect, OverlayEntry, Route } from "./configuration.ts";

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

/** One trial on one route of one server. */
export interface Turn {
  standing: Standing;
  route: Route;
  check: Check;
}

export interface Ground extends AsyncDisposable {
  stage: Stage;
  start: (configuration: Configuration) => Promise<Standing>;
  stop: (standing: Standing) => Promise<void>;
  /** Plays all, so many at a time; results in the same order. */
  play: (turns: readonly Turn[], onDone?: (result: Result, turn: Turn) => void) => Promise<Result[]>;
}

const mostAtOnce = 24;
const namesPort = 5353;
const staggerMs = 15;
/** Some records have passed then, and most are still to come. */
const reloadAfterMs = 700;

/** `shared`: a stage that others use too, and that is not closed here. */
export const openGround = async (runtime: ContainerRuntime, build: Build, shared: Stage | null = null): Promise<Ground> => {
  const stage = shared ?? (await openStage(runtime));
  const lab = labAddress(runtime);
  const upstreamTaps = new Map<number, Promise<string>>();
  const certificates = new Map<string, Promise<string>>();
  const standing = new Set<Standing>();
  const faster = new Map<Standing, Promise<Standing>>();
  let servers = 0;

  /** One tap for each port that upstreams have, whatever their names. */
  const upstreamTap = (port: number): Promise<string> => {
    const known = upstreamTaps.get(port) ?? openTap(runtime, `upstream-${port}`, "origin", { host: lab, port });
    upstreamTaps.set(port, known);
    return known;
  };

  let answering: Promise<unknown> | null = null;
  const answerNames = (configuration: Configuration): Promise<unknown> =>
    (answering ??= runtime.lab.ask("open-names", {
      listen: { host: lab, port: namesPort },
      names: [...configuration.upstreams, ...(configuration.hosts ?? [])].map(({ host }) => host),
      address: lab,
    }));

  const certificate = (names: string[]): Promise<string> => {
    const known = certificates.get(names.join()) ?? makeCertificate(runtime, names);
    certificates.set(names.join(), known);
    return known;
  };

  const start = async (configuration: Configuration, timeScale = 1): Promise<Standing> => {
    const number = servers++;
    const ports = configuration.upstreams.map(({ port }) => port);
    await Promise.all([...new Set(ports)].map(upstreamTap));
    const resolvers = configuration.resolvers ?? [];
    if (resolvers.length > 0) await answerNames(configuration);
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
        upstreams: configuration.upstreams,
        resolvers,
        hosts: (configuration.hosts ?? []).map(({ host }) => host),
        namesPort,
        timeScale,
        paths: new Map(configuration.files.map(({ target, path }) => [target, path])),
      },
      lab,
    );
    const key = `configured-${number}`;
    stage.sampler.watch(key, await server.pids());
    const clientTaps = new Map<number, string>();
    for (const port of configuration.ports) {
      const id = `client-${number}-${port}`;
      await openTap(runtime, id, { host: server.address.host, port }, { host: "0.0.0.0", port: 0 });
      clientTaps.set(port, id);
    }
    const started: Standing = { key, configuration, server, clientTaps };
    standing.add(started);
    return started;
  };

  /** The same with a clock that runs faster, started when it is first asked for. */
  const fasterThan = (one: Standing, timeScale: number): Promise<Standing> => {
    const known = faster.get(one) ?? start(one.configuration, timeScale);
    faster.set(one, known);
    return known;
  };

  const stop = async (one: Standing): Promise<void> => {
    if (!standing.delete(one)) return;
    const other = await faster.get(one)?.catch(() => null);
    faster.delete(one);
    if (other) await stop(other);
    stage.sampler.unwatch(one.key);
    await one.server[Symbol.asyncDispose]();
    await Promise.allSettled(Array.from(one.clientTaps.values(), (id) => runtime.lab.ask("close-tap", { id })));
  };

  const playOne = async ({ standing: given, route, check }: Turn, from: number, epsilonMs: number): Promise<Result> => {
    const on = check.timeScale === undefined ? given : await fasterThan(given, check.timeScale);
    const [first, ...besides] = await Promise.all([...new Set(upstreamPortsOf(route))].map(upstreamTap));
    const client = on.clientTaps.get(route.port);
    if (first === undefined || client === undefined)
      throw new WorldError(`Route ${route.id} has no upstream, or nothing listens on port ${route.port}`);
    const job = {
      id: `${route.id}/${check.id}`,
      file: null,
      reproduce: null,
      scenario: scenarioOf(route, check, on.configuration),
      chain: chainOf(build, check, on.configuration),
    };
    return settled(
      check,
      await measure(job, {
        runtime,
        sampler: stage.sampler,
        control: stage.control,
        servers: [on.server],
        taps: [first, client],
        besides,
        keys: [on.key],
        from,
        epsilonMs,
      }),
    );
  };

  /** With a server to itself, since others would be disturbed by what is done to it. */
  const playReload = async (turn: Turn, from: number, epsilonMs: number): Promise<Result> => {
    const own = await start(turn.standing.configuration);
    const inMidStream = new AbortController();
    const reload = delay(reloadAfterMs, undefined, { signal: inMidStream.signal }).then(() => own.server.reload());
    reload.catch(() => {});
    try {
      return await playOne({ ...turn, standing: own }, from, epsilonMs);
    } finally {
      inMidStream.abort();
      await stop(own);
    }
  };

  const play = async (turns: readonly Turn[], onDone: (result: Result, turn: Turn) => void = () => {}): Promise<Result[]> => {
    const results: Result[] = [];
    let next = 0;
    const from = now();
    const figures = await stage.control.figures(from, from).catch(() => null);
    const epsilonMs = Math.max(5, 3 * (figures?.netP99Ms ?? 0));
    const work = async (worker: number): Promise<void> => {
      // Not all in one instant: the first requests would stand in each other's way.
      await delay(worker * staggerMs);
      for (let index = next++; index < turns.length; index = next++) {
        const turn = turns[index] as Turn;
        const result = await (turn.check.during === "reload" ? playReload : playOne)(turn, from, epsilonMs);
        results[index] = result;
        onDone(result, turn);
      }
    };
    await Promise.all(Array.from({ length: Math.min(mostAtOnce, turns.length) }, (_, worker) => work(worker)));
    return results;
  };

  return {
    stage,
    start,
    stop,
    play,
    [Symbol.asyncDispose]: async () => {
      await Promise.allSettled(Array.from(standing, stop));
      await Promise.allSettled(Array.from(upstreamTaps.values(), async (id) => runtime.lab.ask("close-tap", { id: await id })));
      if (shared === null) await stage[Symbol.asyncDispose]();
    },
  };
};

/** What a scenario's report does not know of: uploads, and that other trials tell whose body it is. */
const settled = ({ id, timeScale }: Check, { report, trace }: Result): Result => {
  const [held] = id === "upload" && trace ? heldUploads(trace) : [];
  const undecided = timeScale === undefined ? report.undecided : report.undecided.filter(({ facet }) => facet !== "source");
  const told = held ? { outcome: "fail" as const, why: held.evidence, culprit: held.hop } : {};
  return { report: { ...report, undecided, ...told }, trace };
};

/** An address of the lab's that nothing else of it listens on, where the engine lets it have one. */
const labAddress = (runtime: ContainerRuntime): string => {
  try {
    return runtime.address(1);
  } catch {
    return runtime.address(0);
  }
};

const openTap = async (
  { lab }: ContainerRuntime,
  id: string,
  target: "origin" | { host: string; port: number },
  listen: { host: string; port: number },
): Promise<string> => {
  await lab.ask("open-tap", { id, target, listen });
  return id;
};

const upstreamPortsOf = ({ upstreams }: Route): number[] => upstreams.map((key) => Number(key.slice(key.lastIndexOf(":") + 1)));

/** What the container gets: folders, then stand-ins, then the user's own files, unmodified. */
const entriesOf = async (
  configuration: Configuration,
  dialect: Dialect,
  certificate: (names: string[]) => Promise<string>,
): Promise<TarEntry[]> => {
  const made = await Promise.all(configuration.entries.map((entry) => madeOf(entry, certificate)));
  return [
    ...made.flat().toSorted((a, b) => Number(b.kind === "folder") - Number(a.kind === "folder")),
    ...configuration.files.map((file): TarEntry => ({ name: file.target, kind: "file", body: dialect.contentOf(configuration, file) })),
  ];
};

const madeOf = async (entry: OverlayEntry, certificate: (names: string[]) => Promise<string>): Promise<TarEntry[]> => {
  if (entry.kind === "folder") return [{ name: entry.target, kind: "folder", mode: entry.mode ?? 0o777 }];
  if (entry.kind === "file") return [{ name: entry.target, kind: "file", body: entry.body, mode: entry.mode ?? 0o644 }];
  const pem = await certificate(entry.names);
  return [...new Set([entry.certificateTarget, entry.keyTarget])].map((name): TarEntry => ({ name, kind: "file", body: pem, mode: 0o644 }));
};

/** Key and certificate in one PEM file, which nginx and others take for either. */
const makeCertificate = async (runtime: ContainerRuntime, names: string[]): Promise<string> => {
  const subjects = names.length === 0 ? ["hopwise.test"] : names;
  const name = `/CN=${(subjects[0] ?? "").slice(0, 60)}`;
  const others = `subjectAltName=${subjects.map((one) => `DNS:${one}`).join(",")}`;
  const text = await runtime.openssl(
    ["req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes", "-days", "30"].concat(
      ["-subj", name, "-addext", others],
      ["-keyout", "-", "-out", "-"],
    ),
  );
  const blocks = text.match(/-----BEGIN [A-Z ]+-----[^-]+-----END [A-Z ]+-----/g) ?? [];
  if (blocks.length !== 2)
    throw new WorldError(`No certificate could be made for ${subjects.join(", ")}: ${text.split("\n").slice(-2).join(" | ")}`);
  return `${blocks.join("\n")}\n`;
};

export const scenarioOf = (route: Route, check: Check, configuration?: Configuration): Scenario => {
  // TLS is only spoken where the listener does.
  const { tls, ...request } = check.request;
  return {
    title: `${route.id}: ${check.title}`,
    chain: [{ app: check.response.format as string }, route.id],
    request: {
      ...request,
      path: route.path,
      host: route.host,
      headers: [...(check.request.headers ?? []), ...(configuration?.requestHeaders?.[route.id] ?? [])],
      ...(route.tls ? { tls: tls ?? (route.http2 ? "h2" : "http/1.1") } : {}),
    },
    response: check.response,
    trial: check.trial,
    must: check.must,
  };
};

const chainOf = ({ definition }: Build, check: Check, configuration: Configuration): ChainPlan => {
  const hop = definition.title;
  return {
    servers: [],
    nodes: ["origin", hop, "client"],
    links: [
      { from: "origin", to: hop, level: "decoded" },
      { from: hop, to: "client", level: "decoded" },
    ],
    serverOfNode: new Map([[hop, 0]]),
    linkOfTap: (tap) => Math.min(tap, 1),
    linkOfProbe: () => -1,
    asides: (configuration.subrequests ?? []).flatMap(({ path }) => (path === null ? [] : [path])),
    response: check.response,
    limitMs: null,
    ...(check.timeScale === undefined ? {} : { timeScale: check.timeScale }),
    words: [String(check.response.format), hop, "client"],
  };
};
