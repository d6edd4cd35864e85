// Where a configuration is put to the test: servers with it (or a changed copy) in front of the lab, and trials through them.
import { setTimeout as delay } from "node:timers/promises";
import type { ChainPlan } from "../chain.ts";
import type { BinaryServer, Scenario } from "../define.ts";
import { now } from "../lab/clock.ts";
import { heldUploads } from "../model/judge/upload.ts";
import { measure, openStage, plannedEpsilonMs } from "../measure.ts";
import { isLeftOpenByMachine } from "../model/outcome.ts";
import type { Result, Stage } from "../measure.ts";
import type { ConfiguredServer } from "../runtime/container-configured.ts";
import type { ContainerRuntime } from "../runtime/container.ts";
import { unjudgedReport } from "../report/scenario-report.ts";
import { WorldError } from "../runtime/runtime.ts";
import type { TarEntry } from "../runtime/tar.ts";
import type { AskedVersion } from "../versions.ts";
import { inRealTime, waitOf } from "./checks.ts";
import type { Check } from "./checks.ts";
import { applicationOn, Lane, serversOn, standpoints } from "./compose/standing.ts";
import type { KeptApplication } from "./compose/standing.ts";
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

/** What came of a turn, and what of its check was really played: limits may have had to be waited for in real time. */
export interface Played extends Result {
  check: Check;
}

/** A server beside the given one, where limits are waited for. */
interface Copy {
  standing: Standing;
  timeScale: number;
}

/** Turns that are played together: one, or all that a reload of one server is to disturb. */
interface Part {
  turns: Turn[];
  /** Of the turns, among all. */
  indices: number[];
  reloads: boolean;
}

export interface Ground extends AsyncDisposable {
  stage: Stage;
  /** `checks`: if it is for these only. */
  start: (configuration: Configuration, checks?: readonly Check[]) => Promise<Standing>;
  stop: (standing: Standing) => Promise<void>;
  /** Plays all, so many at a time; results in the same order. */
  play: (turns: readonly Turn[], onDone?: (result: Played, turn: Turn) => void) => Promise<Played[]>;
  /** Why limits are waited for in real time; null where a clock runs faster, or nothing was waited for. */
  whyRealTime: () => string | null;
}

export interface Circle {
  signal?: AbortSignal;
  onProgress?: (text: string) => void;
}

const mostAtOnce = 24;
/** So many at once of those that the machine left undecided, when they are played for the second time. */
const calmly = 4;
const namesPort = 5353;
const staggerMs = 15;
/** What takes less is over before anybody asks how long it takes. */
const tellsFromMs = 5000;
/** Some records have passed then, and most are still to come. */
const reloadAfterMs = 700;

/** `shared`: a stage that others use too, and that is not closed here. `kept`: what stands in the place of the lab's origin. */
export const openGround = async (
  runtime: ContainerRuntime,
  build: Build,
  shared: Stage | null = null,
  kept: KeptApplication | null = null,
  { signal, onProgress = () => {} }: Circle = {},
): Promise<Ground> => {
  const stage = shared ?? (await openStage(runtime));
  const lab = labAddress(runtime);
  const upstreamTaps = new Map<string, Promise<string>>();
  const standpointOf = standpoints(runtime, lab, kept);
  const lane = new Lane();
  const certificates = new Map<string, Promise<string>>();
  const standing = new Set<Standing>();
  const copies = new Map<Standing, Promise<Copy>>();
  /** Of the server's clock: whether it was ever seen to run faster, and why it was not. */
  const clock = { isFaster: false, why: null as string | null };
  let servers = 0;

  /** One tap for each port that upstreams have, whatever their names; those that are kept have their own. */
  const upstreamTap = (upstream: string): Promise<string> => {
    const { id, target, listen } = standpointOf(upstream);
    const known = upstreamTaps.get(id) ?? openTap(runtime, id, target, listen);
    upstreamTaps.set(id, known);
    return known;
  };

  const placesOf = ({ upstreams }: Configuration): [name: string, address: string][] =>
    upstreams.map(({ host, port }) => [host, standpointOf(`${host}:${port}`).listen.host]);

  const { promise: interrupted, resolve: interrupt } = Promise.withResolvers<null>();
  signal?.addEventListener("abort", () => interrupt(null), { once: true });
  if (signal?.aborted) interrupt(null);

  let answering: Promise<unknown> | null = null;
  const answerNames = (configuration: Configuration): Promise<unknown> =>
    (answering ??= runtime.lab.ask("open-names", {
      listen: { host: lab, port: namesPort },
      names: [...configuration.upstreams, ...(configuration.hosts ?? [])].map(({ host }) => host),
      address: lab,
      others: Object.fromEntries(placesOf(configuration)),
    }));

  const certificate = (names: string[]): Promise<string> => {
    const known = certificates.get(names.join()) ?? makeCertificate(runtime, names);
    certificates.set(names.join(), known);
    return known;
  };

  const start = async (configuration: Configuration, timeScale = 1): Promise<Standing> => {
    const number = servers++;
    await Promise.all(configuration.upstreams.map(({ host, port }) => upstreamTap(`${host}:${port}`)));
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
        doors: configuration.doors ?? [],
        addresses: (configuration.addresses ?? []).map(({ address }) => address),
        upstreams: configuration.upstreams,
        places: new Map(placesOf(configuration)),
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

  /** The same for those that wait for limits, with a clock that runs faster where it can; started when it is first asked for. */
  const copyOf = (one: Standing, timeScale: number): Promise<Copy> => {
    const known = copies.get(one) ?? startCopy(one.configuration, timeScale);
    copies.set(one, known);
    return known;
  };

  const startCopy = async (configuration: Configuration, timeScale: number): Promise<Copy> => {
    if (timeScale > 1 && clock.why === null) {
      try {
        const faster = await start(configuration, timeScale);
        clock.isFaster = true;
        return { standing: faster, timeScale };
      } catch (error) {
        if (!(error instanceof WorldError) || signal?.aborted) throw error;
        if (!clock.isFaster) clock.why = error.message;
      }
    }
    return { standing: await start(configuration), timeScale: 1 };
  };

  /** Where nothing is done but to wait for limits, what would be the copy is all that there is. */
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
    stage.sampler.unwatch(one.key);
    await one.server[Symbol.asyncDispose]();
    await Promise.allSettled(Array.from(one.clientTaps.values(), (id) => runtime.lab.ask("close-tap", { id })));
  };

  /** `on`: the turn's own server, or one that was started for such turns. */
  const playOne = async ({ route, check }: Turn, on: Standing, from: number, epsilonMs: number): Promise<Played> => {
    const [first, ...besides] = new Set(await Promise.all(route.upstreams.map(upstreamTap)));
    const application = applicationOn(route, kept);
    const client = on.clientTaps.get(route.door ?? route.port);
    if (first === undefined || client === undefined)
      throw new WorldError(`Route ${route.id} has no upstream, or nothing listens on port ${route.port}`);
    const job = {
      id: `${route.id}/${check.id}`,
      file: null,
      reproduce: null,
      scenario: scenarioOf(route, check, on.configuration),
      chain: { ...chainOf(build, check, on.configuration), ...(application ? { application } : {}) },
    };
    const play = (): Promise<Result> =>
      measure(job, {
        runtime,
        sampler: stage.sampler,
        control: stage.control,
        servers: [on.server, ...serversOn(route, kept)],
        taps: [first, client],
        besides,
        keys: [on.key],
        from,
        epsilonMs,
      });
    const result = await Promise.race([application ? lane.run(play) : play(), interrupted]);
    return result === null
      ? { check, report: unjudgedReport(job, "inconclusive", "it was interrupted"), trace: null }
      : { check, ...settled(check, result) };
  };

  /** Reloads the server when all of its streams have begun. */
  const playReload = async (turns: readonly Turn[], own: Standing, from: number, epsilonMs: number): Promise<Played[]> => {
    const inMidStream = new AbortController();
    const reload = delay(reloadAfterMs, undefined, { signal: inMidStream.signal }).then(() => own.server.reload());
    reload.catch(() => {});
    try {
      return await Promise.all(turns.map((turn) => playOne(turn, own, from, epsilonMs)));
    } finally {
      inMidStream.abort();
    }
  };

  /** Tells each second how long limits may still be waited for. */
  const countDown = (turns: readonly Turn[]): (() => void) => {
    const takesMs = Math.max(0, ...turns.map(({ check }) => (check.timeScale === 1 ? (check.takesMs ?? 0) : 0)));
    const until = now() + takesMs;
    const tell = (): void => {
      const left = Math.ceil((until - now()) / 1000);
      if (left > 0) onProgress(`waiting for limits of time in real time, at most ${left} s more`);
    };
    const timer = takesMs > tellsFromMs ? setInterval(tell, 1000) : null;
    return () => clearInterval(timer ?? undefined);
  };

  const playAtOnce = async (parts: readonly Part[], most: number, onDone: (result: Played, index: number) => void): Promise<void> => {
    // Starting and measuring do not overlap: what starts takes a processor away.
    const ready = await Promise.all(
      parts
        .toSorted((a, b) => rankOf(a) - rankOf(b))
        .map(async (part) => {
          const { standing: given, check } = part.turns[0] as Turn;
          if (check.timeScale === undefined) return { part, on: await (check.during ? start(given.configuration) : given) };
          const copy = await copyOf(given, check.timeScale);
          const turns =
            copy.timeScale === check.timeScale ? part.turns : part.turns.map((turn) => ({ ...turn, check: inRealTime(turn.check) }));
          return { part: { ...part, turns }, on: copy.standing };
        }),
    );
    const stopCounting = countDown(ready.flatMap(({ part }) => part.turns));
    const from = now();
    const epsilonMs = await plannedEpsilonMs(stage.control);
    let next = 0;
    const work = async (worker: number): Promise<void> => {
      // Not all in one instant: the first requests would stand in each other's way.
      await delay(worker * staggerMs);
      for (let index = next++; index < ready.length; index = next++) {
        const { part, on } = ready[index] as (typeof ready)[number];
        const results = await (part.reloads
          ? playReload(part.turns, on, from, epsilonMs)
          : Promise.all(part.turns.map((turn) => playOne(turn, on, from, epsilonMs))));
        for (const [at, result] of results.entries()) onDone(result, part.indices[at] as number);
      }
    };
    try {
      await Promise.all(Array.from({ length: Math.min(most, ready.length) }, (_, worker) => work(worker)));
    } finally {
      stopCounting();
      await Promise.allSettled(ready.flatMap(({ part, on }) => (part.reloads ? [stop(on)] : [])));
    }
  };

  const play = async (turns: readonly Turn[], onDone: (result: Played, turn: Turn) => void = () => {}): Promise<Played[]> => {
    const results: Played[] = [];
    const parts = partsOf(turns);
    await playAtOnce(parts, mostAtOnce, (result, index) => {
      results[index] = result;
      onDone(result, turns[index] as Turn);
    });
    // What the machine left open is played once more, with less beside it: that counts.
    const open = turns.flatMap((turn, index) =>
      isLeftOpenByMachine(scenarioOf(turn.route, turn.check), results[index]!.report) ? [index] : [],
    );
    if (parts.length > calmly && open.length > 0)
      await playAtOnce(partsOf(turns, open), calmly, ({ report, trace, check }, index) => {
        results[index] = { report: { ...report, playings: 2 }, trace, check };
      });
    return results;
  };

  return {
    stage,
    start: startFor,
    stop,
    play,
    whyRealTime: () => clock.why,
    [Symbol.asyncDispose]: async () => {
      await Promise.allSettled(Array.from(standing, stop));
      await Promise.allSettled(Array.from(upstreamTaps.values(), async (id) => runtime.lab.ask("close-tap", { id: await id })));
      if (shared === null) await stage[Symbol.asyncDispose]();
    },
  };
};

/** A server is reloaded once for all of its routes, and has nothing else to do then: others would be disturbed by what is done to it. */
const partsOf = (turns: readonly Turn[], of: readonly number[] = [...turns.keys()]): Part[] => {
  const parts: Part[] = [];
  for (const index of of) {
    const turn = turns[index] as Turn;
    const reloads = turn.check.during === "reload";
    const same = reloads ? parts.find((part) => part.reloads && part.turns[0]?.standing === turn.standing) : undefined;
    if (same) {
      same.turns.push(turn);
      same.indices.push(index);
    } else parts.push({ turns: [turn], indices: [index], reloads });
  }
  return parts;
};

/** Those that take longest go first, and those whose cut has a server take its upstream for broken last of them. */
const rankOf = ({ turns: [turn] }: Part): number => (turn?.check.timeScale === undefined ? 2 : turn.check.trial.kind === "silence" ? 0 : 1);

/** What a scenario's report does not know of: uploads, and that of what waits for limits other trials tell more. */
const settled = (check: Check, { report, trace }: Result): Result => {
  const [held] = check.id === "upload" && trace ? heldUploads(trace) : [];
  const undecided = waitOf(check) === null ? report.undecided : report.undecided.filter(({ facet }) => facet === "ending");
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
    ...((check.timeScale ?? 1) === 1 ? {} : { timeScale: check.timeScale as number }),
    words: [String(check.response.format), hop, "client"],
  };
};
