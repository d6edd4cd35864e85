// `--keep-app`: which routes lead to services of the compose file, which of the standard trials run on them, and what the report says of it.
import type { ApplicationPlan } from "../runtime/container-application.ts";
import type { CheckReport } from "../report/check-report.ts";
import type { ContainerRuntime } from "../runtime/container.ts";
import { AuthorError } from "../errors.ts";
import type { Check } from "./checks.ts";
import type { NotChecked, Route } from "./configuration.ts";
import type { CheckedConfig } from "./server.ts";
import type { Subject } from "./subject.ts";
import { readApplication } from "../deployment/application.ts";
import { isKept } from "./running.ts";
import type { KeptApplication } from "./running.ts";

export interface KeptPlan {
  application: ApplicationPlan;
  /** The service of each upstream (`host:port`) that has one. */
  serviceOf: ReadonlyMap<string, string>;
  /** Without the routes that lead both to the application and to scripted upstreams. */
  config: CheckedConfig;
}

export const planKept = async (
  given: string,
  { config, composed, server }: Subject,
  options: { cwd: string; env: Record<string, string> },
): Promise<KeptPlan> => {
  if (!composed)
    throw new AuthorError(
      `--keep-app is for a docker-compose file, whose application it runs as the upstream of the proxy; ${given} is not one: give the compose file that starts both, or leave --keep-app out`,
    );
  const serviceOf = new Map<string, string>();
  for (const { host, port, scheme } of config.deployment.upstreams) {
    const neighbor = composed.neighbors.find(({ name }) => name.toLowerCase() === host.toLowerCase());
    const service = neighbor?.service ?? null;
    if (service !== null && service !== composed.service && scheme === "http") serviceOf.set(`${host}:${port}`, service);
  }
  const mixed = config.routes.filter((route) => isMixed(route, serviceOf));
  const routes = config.routes.filter((route) => !mixed.includes(route));
  const wanted = new Map<string, Set<number>>();
  for (const key of new Set(routes.flatMap(({ upstreams }) => upstreams))) {
    const service = serviceOf.get(key);
    if (service === undefined) continue;
    const ports = wanted.get(service) ?? new Set<number>();
    wanted.set(service, ports.add(Number(key.slice(key.lastIndexOf(":") + 1))));
  }
  if (wanted.size === 0) {
    const upstreams = [...new Set(config.routes.flatMap((route) => route.upstreams))];
    throw new AuthorError(
      `--keep-app: no route of ${given} leads to services of it alone, by plain HTTP (${upstreams.join(", ")}); there is no application to keep, leave --keep-app out`,
    );
  }
  const { services, notDone } = await readApplication(given, [...wanted.keys()], {
    ...options,
    proxy: composed.service,
    isConfiguration: server.packaging.isConfiguration,
  });
  const notChecked = mixed.map((route): NotChecked => ({
    what: `the route ${route.id}`,
    why: `it leads to services that are kept and to others (${route.upstreams.filter((key) => !serviceOf.has(key)).join(", ")})`,
    place: route.place,
  }));
  return {
    application: { services, listen: new Map(Array.from(wanted, ([service, ports]) => [service, [...ports]])) },
    serviceOf,
    config: config.with({ routes, notChecked: [...config.deployment.notChecked, ...notDone, ...notChecked] }),
  };
};

const isMixed = (route: Route, serviceOf: ReadonlyMap<string, string>): boolean =>
  !isKept(route, serviceOf) && route.upstreams.some((key) => serviceOf.has(key));

/** The trials for an application that follows no script. The first one shows how many streams it serves at a time. */
export const keptChecks = (checks: readonly Check[]): Check[] => {
  const of = (id: string): Check | undefined => checks.find((one) => one.id === id);
  const { source: _, ...delivered } = { ...of("events")?.must, ...of("headers")?.must };
  const watch = (id: string, title: string, like: Check | undefined): Check[] =>
    like && Object.keys(delivered).length > 0 ? [{ ...like, id, title, trial: { kind: "paced" }, must: delivered }] : [];
  return [
    ...checks.filter(({ id }) => id === "client-leaving"),
    ...watch("watch", "what the application sends, as it arrives", of("events")),
    ...watch("watch-gzip", "the same for a client that takes gzip, as browsers do", of("gzip")),
    ...watch("watch-brotli", "the same for a client that takes brotli, as browsers do over TLS", of("brotli")),
  ];
};

/** The trials that do not run then. */
const notTested = (checks: readonly Check[]): string[] =>
  checks.map(({ id }) => id).filter((id) => !["client-leaving", "events", "gzip", "brotli", "headers"].includes(id));

export type RunningKept = KeptApplication & AsyncDisposable & { reported: NonNullable<CheckReport["application"]> };

/** Starts it, and waits until it listens where the proxy forwards to. */
export const keepRunning = async (
  runtime: ContainerRuntime,
  { application, serviceOf, config }: KeptPlan,
  checks: readonly Check[],
  watchMs: number,
  signal: AbortSignal,
): Promise<RunningKept> => {
  const running = await runtime.startApplication(application, signal);
  const serverOf = new Map(
    [...serviceOf].flatMap(([upstream, service]) => {
      const started = running.services.get(service);
      return started ? [[upstream, started.server] as const] : [];
    }),
  );
  const routes = config.routes.filter((route) => isKept(route, serverOf)).map(({ id }) => id);
  const services = application.services.map(({ service, at, image }) => ({
    service,
    at,
    image: typeof image === "string" ? image : `built from ${image.file}`,
  }));
  return {
    serverOf,
    watchMs,
    reported: { services, routes, watchMs, notTested: notTested(checks) },
    [Symbol.asyncDispose]: () => running[Symbol.asyncDispose](),
  };
};
