// The user's own application (--keep-app): each service runs in its own container, on the run's network without a route out. Services
// find each other by the names in their deployment.
import { step } from "../progress.ts";
import { ordinary } from "./container-binary.ts";
import type { Site } from "./container-hop.ts";
import { imageOfService, removeImage } from "./application-image.ts";
import type { Container } from "./engine-container.ts";
import type { RunningServer } from "./runtime.ts";
import { endedOf, hasEnded, isListening, mayListen, titleOf } from "./service.ts";
import type { ServicePlan } from "./service.ts";

export interface ApplicationPlan {
  services: ServicePlan[];
  /** The port each service must listen on. */
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

/** `labels`: of the run's containers, put on images that are built. */
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
    site.onProgress(step(`starting service ${plan.service} in ${image}`));
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
  files: plan.files,
});

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
  died: container.died.then((exit) => endedOf(plan, container, exit).message),
  [Symbol.asyncDispose]: container.stop,
});
