// The user's own application, kept: its services in containers of their own beside the lab, on the run's network, from which no way leads
// out. They find each other by the names that their deployment has for them.
import { setTimeout as delay } from "node:timers/promises";
import { ordinary } from "./container-binary.ts";
import type { Site } from "./container-hop.ts";
import { imageOfService, removeImage } from "./application-image.ts";
import type { ImageWish } from "./application-image.ts";
import type { Container } from "./engine.ts";
import { lastWords } from "./lines.ts";
import { WorldError } from "./runtime.ts";
import type { RunningServer } from "./runtime.ts";
import { tar } from "./tar.ts";
import type { TarEntry } from "./tar.ts";

/** One service as its deployment has it. */
export interface ServicePlan extends ImageWish {
  entrypoint: string[] | null;
  command: string[] | null;
  environment: Record<string, string>;
  folder: string | null;
  user: string | null;
  /** Its names on the network. */
  aliases: string[];
  /** Copies of what it mounts. */
  files: TarEntry[];
  volumes: { target: string; isEmpty: boolean }[];
  /** Services that are started before: until they listen, or until they have ended well. */
  after: { service: string; until: "listening" | "ended" }[];
  /** Where it is said to listen; none: where its image says. */
  ports: number[];
}

export interface ApplicationPlan {
  services: ServicePlan[];
  /** Where they have to listen, by service. */
  listen: ReadonlyMap<string, readonly number[]>;
}

export interface RunningService {
  image: string;
  server: RunningServer;
}

export interface RunningApplication extends AsyncDisposable {
  services: ReadonlyMap<string, RunningService>;
}

const limits = { memoryBytes: 1024 ** 3, processes: 512 };
/** For an application that has to import, compile or migrate something first. */
const listensWithinMs = 30_000;
const endsWithinMs = 120_000;

/** `labels` are those of the run's containers, for images that are built. */
export const startApplication = async (
  site: Site,
  { services, listen }: ApplicationPlan,
  labels: Record<string, string>,
  signal: AbortSignal,
): Promise<RunningApplication> => {
  const images = new Set<string>();
  const containers: Container[] = [];
  const close = async (): Promise<void> => {
    await Promise.allSettled(containers.map((container) => container.stop()));
    await Promise.allSettled(Array.from(images, (image) => removeImage(site.engine, image)));
  };
  const failed = new AbortController();
  const over = AbortSignal.any([signal, failed.signal]);
  const startOne = async (plan: ServicePlan, before: readonly Promise<unknown>[]): Promise<RunningService> => {
    const image = await imageOfService(site.engine, plan, labels, over, site.onProgress);
    if (typeof plan.image !== "string") images.add(image);
    await Promise.all(before);
    over.throwIfAborted();
    site.onProgress(`starting service ${plan.service} in ${image}`);
    const container = await site.start(containerOf(plan, image, site.network));
    containers.push(container);
    const host = container.addressOn(site.network);
    const ports = listen.get(plan.service) ?? [];
    const isAwaited = services.some(({ after }) => after.some(({ service, until }) => service === plan.service && until === "ended"));
    const ready = isAwaited
      ? hasEnded(plan, container)
      : ports.length > 0
        ? Promise.all(ports.map((port) => isListening(site, plan, container, { host, port })))
        : mayListen(plan, site, container, host, image);
    await Promise.race([ready, aborted(over)]);
    return { image, server: serverOf(site, plan, container, { host, port: ports[0] ?? 0 }) };
  };
  const starting = new Map<string, Promise<RunningService>>();
  const failures: Error[] = [];
  for (const plan of services) {
    const before = plan.after.flatMap(({ service }) => starting.get(service) ?? []);
    const one = startOne(plan, before);
    one.catch((error: Error) => {
      failures.push(error);
      failed.abort();
    });
    starting.set(plan.service, one);
  }
  await Promise.allSettled(starting.values());
  const [first] = failures;
  if (first) {
    await close();
    throw first;
  }
  const running = await Promise.all(Array.from(starting, async ([name, one]) => [name, await one] as const));
  return { services: new Map(running), [Symbol.asyncDispose]: close };
};

const containerOf = (plan: ServicePlan, image: string, network: string): Parameters<Site["start"]>[0] => ({
  title: titleOf(plan),
  image,
  network,
  environment: plan.environment,
  aliases: plan.aliases,
  ownVolumes: plan.volumes,
  capabilities: ordinary,
  ...limits,
  ...(plan.entrypoint ? { entrypoint: plan.entrypoint } : {}),
  ...(plan.command ? { command: plan.command } : {}),
  ...(plan.folder === null ? {} : { folder: plan.folder }),
  ...(plan.user === null ? {} : { user: plan.user }),
  ...(plan.files.length > 0 ? { archive: tar(plan.files) } : {}),
});

const titleOf = ({ service, at }: ServicePlan): string => `Your service ${service} (${at})`;

const endedOf = (plan: ServicePlan, { lines }: Container, how: string): WorldError =>
  new WorldError(`${titleOf(plan)} ended by itself with ${how}.${lastWords(lines)}`);

/** Where the proxy forwards to: it has to come. */
const isListening = async (site: Site, plan: ServicePlan, container: Container, address: { host: string; port: number }): Promise<void> => {
  const ended = container.exited.then((how): never => {
    throw endedOf(plan, container, how);
  });
  const answer = site.lab.ask("await-port", { address, withinMs: listensWithinMs }).catch((cause: Error): never => {
    throw new WorldError(
      `${titleOf(plan)} does not listen on port ${address.port}, which the proxy forwards to, within ${listensWithinMs / 1000} s; does it listen on 127.0.0.1 alone?${lastWords(container.lines)}`,
      { cause },
    );
  });
  await Promise.race([answer, ended]);
};

/** A service that others need, and that may as well be one that nobody connects to. */
const mayListen = async (plan: ServicePlan, site: Site, container: Container, host: string, image: string): Promise<void> => {
  const ports = plan.ports.length > 0 ? plan.ports : await exposedBy(site, image);
  if (ports.length === 0) return;
  const answers = ports.map((port) => site.lab.ask("await-port", { address: { host, port }, withinMs: listensWithinMs }));
  const how = await Promise.race([
    Promise.any(answers).then(
      () => null,
      () => null,
    ),
    container.exited,
  ]);
  if (how !== null && how !== endedWell) throw endedOf(plan, container, how);
};

const endedWell = "exit code 0";

/** A migration, for example: what follows needs it done. */
const hasEnded = async (plan: ServicePlan, container: Container): Promise<void> => {
  const limit = new AbortController();
  const late = `no end within ${endsWithinMs / 1000} s`;
  const how = await Promise.race([container.exited, delay(endsWithinMs, late, { signal: limit.signal })]).finally(() => limit.abort());
  if (how === late)
    throw new WorldError(
      `${titleOf(plan)} has to end before others start, and does not within ${endsWithinMs / 1000} s.${lastWords(container.lines)}`,
    );
  if (how !== endedWell) throw endedOf(plan, container, how);
};

const exposedBy = async ({ engine }: Site, image: string): Promise<number[]> => {
  const { Config } = await engine.docker.getImage(image).inspect();
  return Object.keys(Config.ExposedPorts ?? {}).flatMap((port) => (port.endsWith("/udp") ? [] : [Number.parseInt(port, 10)]));
};

const aborted = (signal: AbortSignal): Promise<never> => {
  const never = new Promise<never>((_, reject) => {
    const leave = (): void => reject(signal.reason as Error);
    if (signal.aborted) leave();
    else signal.addEventListener("abort", leave, { once: true });
  });
  never.catch(() => {});
  return never;
};

const serverOf = (site: Site, plan: ServicePlan, container: Container, address: { host: string; port: number }): RunningServer => ({
  hop: plan.service,
  address,
  probes: null,
  version: "",
  pids: () => site.pids(container),
  lastLines: container.lines.last,
  died: container.died.then((how) => endedOf(plan, container, how).message),
  [Symbol.asyncDispose]: container.stop,
});
