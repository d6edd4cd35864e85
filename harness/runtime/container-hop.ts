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

export const startBinaryHop = async (site: Site, plan: BinaryPlan, upstreamPort: number, names?: Record<string, string>): Promise<RunningServer> => {
  const { engine, yard, onProgress } = site;
  const { definition, settings } = plan;
  const image = await (plan.image === null ? ensureImage(engine, recipeOf(definition), onProgress) : ensurePulled(engine, plan.image, onProgress));
  const port = yard.nextPort();
  const folder = `${shared}/hops/${port}-${plan.hop.replace(/[^\w.-]+/g, "-")}`;
  const render: Render = { upstream: new URL(upstreamAt(upstreamPort)), options: settings.options ?? {}, listenPort: port, folder, contained: true };
  const files = Object.entries(definition.files(render)).map(([name, body]): TarEntry => ({ name: `${folder}/${name}`, kind: "file", body }));
  await yard.put([{ name: folder, kind: "folder", mode: 0o777 }, ...files]);
  const kind = { image, environment: {}, folder, volume: { name: site.network, target: shared, isReadOnly: false }, capabilities: ordinary, ...limits };
  const container = await site.start({
    ...kind,
    entrypoint: [definition.binary, ...definition.args(render)],
    ...(names ? { network: site.network, extraHosts: names } : { network: `container:${yard.id}` }),
  });
  const address = { host: names ? container.addressOn(site.network) : yard.address, port };
  const version = await orFail(plan, container, async () => {
    const [text] = await Promise.all([versionOf(image, container, definition), accepting(site, plan, container, address)]);
    return versionIn(definition, text);
  }).catch(async (error: unknown) => {
    const problem = problemIn(definition, container.lines.last(100), render) ?? (await checked(site, plan, render, kind));
    throw problem === null ? error : refused(plan, problem);
  });
  return running(site, plan, container, address, version);
};

const accepting = async ({ lab }: Site, plan: ServerPlan, container: Container, address: { host: string; port: number }): Promise<void> => {
  await lab.ask("await-port", { address, withinMs: readyWithinMs }).catch((error: unknown) => {
    throw notReady(plan, `${address.host}:${address.port}`, container.lines, error);
  });
};

/** What the server itself says when it is only asked to check its configuration, in a container of its own; null if it finds nothing. */
const checked = async (site: Site, { definition }: BinaryPlan, render: Render, kind: Omit<ContainerPlan, "labels" | "entrypoint" | "network">): Promise<string | null> => {
  if (!definition.check) return null;
  const container = await site.start({ ...kind, entrypoint: [definition.binary, ...definition.check.args(render)], network: `container:${site.yard.id}` });
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

const orFail = async <T>(plan: ServerPlan, container: Container, wanted: () => Promise<T>): Promise<T> => {
  const failed = diedOf(plan, container).then((sentence): never => {
    throw new WorldError(sentence);
  });
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
