import { realpath } from "node:fs/promises";
import { join } from "node:path";
import type { Render } from "../define.ts";
import type { Lab } from "../lab/protocol.ts";
import type { Container, ContainerPlan, Engine } from "./engine.ts";
import { hostLine, hostPlan, notReady, problemIn, readyWithinMs, refused, titleOf, versionIn } from "./hop.ts";
import type { BinaryPlan, HostLine, NodePlan } from "./hop.ts";
import { ensureImage, ensurePulled, recipeOf } from "./images.ts";
import type { OnProgress } from "./images.ts";
import { lastWords } from "./lines.ts";
import { codeExtension, harnessFolder } from "./places.ts";
import { WorldError } from "./runtime.ts";
import type { RunningServer, ServerPlan } from "./runtime.ts";
import type { TarEntry } from "./tar.ts";
import { shared } from "./yard.ts";
import type { Yard } from "./yard.ts";

/** What a hop needs to know of its run. */
export interface Site {
  engine: Engine;
  lab: Lab;
  yard: Yard;
  nodeImage: string;
  network: string;
  loaderFile: string;
  onProgress: OnProgress;
  start: (plan: Omit<ContainerPlan, "labels">) => Promise<Container>;
  /** Brings these programs with all that they import to the hops. */
  place: (files: string[]) => Promise<void>;
  locate: (file: string) => string;
  pids: (container: Container) => Promise<number[]>;
}

const limits = { memoryBytes: 512 * 1024 * 1024, processes: 256 };

/** What a server needs that begins as root and gives it up; the engine's defaults but for raw sockets, device nodes and audit records. */
const ordinary = ["CHOWN", "DAC_OVERRIDE", "FOWNER", "FSETID", "KILL", "NET_BIND_SERVICE", "SETGID", "SETPCAP", "SETUID", "SYS_CHROOT"];

/** The lab, for hops that share the yard's network. */
export const upstreamName = "web";
const upstreamAt = (port: number): string => `http://${upstreamName}:${port}`;

export const startNodeHop = async (site: Site, plan: NodePlan, upstreamPort: number): Promise<RunningServer> => {
  const { yard, nodeImage, loaderFile, locate } = site;
  const host = join(harnessFolder, "host", `main${codeExtension}`);
  const real = await followLinks(plan);
  await site.place([host, real.file, ...real.middlewares.map(({ file }) => file)]);
  const said = Promise.withResolvers<HostLine>();
  const container = await site.start({
    image: nodeImage,
    user: "65534:65534",
    entrypoint: ["node", "--import", loaderFile, locate(await realpath(host))],
    environment: { HOPWISE_HOST: hostPlan(real, locate), UPSTREAM: upstreamAt(upstreamPort), HOST: "0.0.0.0", PORT: "0", PROBE_PORT: "0" },
    network: `container:${yard.id}`,
    volume: { name: site.network, target: shared, isReadOnly: true },
    capabilities: [],
    ...limits,
    onLine: (line) => {
      const found = hostLine(line);
      if (found) said.resolve(found);
    },
  });
  const { port, probePort, version } = await orFail(plan, container, async () => {
    const limit = Promise.withResolvers<never>();
    const timer = setTimeout(() => limit.reject(notReady(plan, yard.address, container.lines)), readyWithinMs);
    return Promise.race([said.promise, limit.promise]).finally(() => clearTimeout(timer));
  });
  return running(site, plan, container, { host: yard.address, port }, version, probePort);
};

/** Node asks for a program at its real place. */
const followLinks = async (plan: NodePlan): Promise<NodePlan> => ({
  ...plan,
  file: await realpath(plan.file),
  middlewares: await Promise.all(plan.middlewares.map(async (one) => ({ ...one, file: await realpath(one.file) }))),
});

/** For a configuration that was not made for Hopwise: it gets a network namespace to itself. */
export interface OwnNetwork {
  /** Addresses of the lab by the names that the configuration has for its upstreams. */
  names: Record<string, string>;
  /** Where the configuration listens. */
  listenPort: number;
}

export const startBinaryHop = async (site: Site, plan: BinaryPlan, upstreamPort: number, own?: OwnNetwork): Promise<RunningServer> => {
  const { engine, yard, onProgress } = site;
  const { definition, settings } = plan;
  const image = await (plan.image === null ? ensureImage(engine, recipeOf(definition), onProgress) : ensurePulled(engine, plan.image, onProgress));
  const number = yard.nextPort();
  const port = own?.listenPort ?? number;
  const folder = `${shared}/hops/${number}-${plan.hop.replace(/[^\w.-]+/g, "-")}`;
  const render: Render = { upstream: new URL(upstreamAt(upstreamPort)), options: settings.options ?? {}, listenPort: port, folder, contained: true };
  const files = Object.entries(definition.files(render)).map(([name, body]): TarEntry => ({ name: `${folder}/${name}`, kind: "file", body }));
  await yard.put([{ name: folder, kind: "folder", mode: 0o777 }, ...files]);
  const start = (args: string[]): Promise<Container> =>
    site.start({
      image,
      entrypoint: [definition.binary, ...args],
      environment: {},
      folder,
      volume: { name: site.network, target: shared, isReadOnly: false },
      capabilities: ordinary,
      ...limits,
      ...(own ? { network: site.network, extraHosts: own.names } : { network: `container:${yard.id}` }),
    });
  const container = await start(definition.args(render));
  const address = { host: own ? container.addressOn(site.network) : yard.address, port };
  const explain = async (): Promise<Error | null> => {
    const problem = problemIn(definition, container.lines.last(100), render) ?? (await checked(start, plan, render));
    return problem === null ? null : refused(plan, problem);
  };
  const version = await orFail(
    plan,
    container,
    async () => {
      const [text] = await Promise.all([versionOf(image, container, definition), accepting(site, plan, container, address)]);
      return versionIn(definition, text);
    },
    explain,
  );
  return running(site, plan, container, address, version);
};

const accepting = async ({ lab }: Site, plan: ServerPlan, container: Container, address: { host: string; port: number }): Promise<void> => {
  await lab.ask("await-port", { address, withinMs: readyWithinMs }).catch((error: unknown) => {
    throw notReady(plan, `${address.host}:${address.port}`, container.lines, error);
  });
};

/** What the server itself says when it is only asked to check its configuration, in another container; null if it finds nothing. */
const checked = async (start: (args: string[]) => Promise<Container>, { definition }: BinaryPlan, render: Render): Promise<string | null> => {
  if (!definition.check) return null;
  const container = await start(definition.check.args(render));
  const how = await container.exited;
  const lines = container.lines.last(100);
  await container.stop();
  return problemIn(definition, lines, render) ?? (how === "exit code 0" ? null : lines.slice(-5).join(" | "));
};

/** Asked once per image. */
const versions = new Map<string, Promise<string>>();

const versionOf = (image: string, container: Container, { binary, version }: BinaryPlan["definition"]): Promise<string> => {
  const known = versions.get(image) ?? container.run([binary, ...version.args]);
  versions.set(image, known);
  known.catch(() => versions.delete(image));
  return known;
};

const diedOf = async (plan: ServerPlan, { died, lines }: Container): Promise<string> =>
  `${titleOf(plan)} ended by itself with ${await died}.${lastWords(lines)}`;

/** What is to be waited for, unless the container ends first; whatever fails, it is removed. */
const orFail = async <T>(plan: ServerPlan, container: Container, wanted: () => Promise<T>, explain: () => Promise<Error | null> = async () => null): Promise<T> => {
  const failed = diedOf(plan, container).then(async (sentence): Promise<never> => {
    throw (await explain()) ?? new WorldError(sentence);
  });
  failed.catch(() => {});
  try {
    return await Promise.race([wanted(), failed]);
  } catch (error) {
    await container.stop();
    throw error;
  }
};

const running = (site: Site, plan: ServerPlan, container: Container, address: { host: string; port: number }, version: string, probePort: number | null = null): RunningServer => ({
  hop: plan.hop,
  address,
  probes: probePort === null ? null : { ...address, port: probePort },
  version,
  pids: () => site.pids(container),
  lastLines: container.lines.last,
  died: diedOf(plan, container),
  [Symbol.asyncDispose]: container.stop,
});
