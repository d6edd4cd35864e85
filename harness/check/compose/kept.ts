// `--keep-app`: which routes lead to services of the compose file, what of the standard trials these can be put to, and what is said of it.
import type { ApplicationPlan } from "../../runtime/container-application.ts";
import type { CheckReport } from "../../report/check-report.ts";
import type { ContainerRuntime } from "../../runtime/container.ts";
import { AuthorError } from "../../runtime/runtime.ts";
import type { Check } from "../checks.ts";
import type { Configuration, LeftOut, Route } from "../configuration.ts";
import type { Subject } from "../subject.ts";
import { readApplication } from "./application.ts";
import type { KeptApplication } from "./standing.ts";

export interface KeptPlan {
  application: ApplicationPlan;
  /** The service behind each upstream (`host:port`) that has one. */
  serviceOf: ReadonlyMap<string, string>;
  /** Without the routes that could be neither kept nor played. */
  configuration: Configuration;
}

export const planKept = async (
  given: string,
  { configuration, deployment }: Subject,
  options: { cwd: string; env: Record<string, string> },
): Promise<KeptPlan> => {
  if (!deployment)
    throw new AuthorError(
      `--keep-app is for a docker-compose file, whose application it runs behind the proxy; ${given} is none: give the compose file that starts both, or leave --keep-app out`,
    );
  const serviceOf = new Map<string, string>();
  for (const { host, port, scheme } of configuration.upstreams) {
    const neighbour = deployment.neighbours.find(({ name }) => name.toLowerCase() === host.toLowerCase());
    const service = neighbour?.service ?? null;
    if (service !== null && service !== deployment.service && scheme === "http") serviceOf.set(`${host}:${port}`, service);
  }
  const mixed = configuration.routes.filter((route) => isMixed(route, serviceOf));
  const routes = configuration.routes.filter((route) => !mixed.includes(route));
  const wanted = new Map<string, Set<number>>();
  for (const key of new Set(routes.flatMap(({ upstreams }) => upstreams))) {
    const service = serviceOf.get(key);
    if (service === undefined) continue;
    const ports = wanted.get(service) ?? new Set<number>();
    wanted.set(service, ports.add(Number(key.slice(key.lastIndexOf(":") + 1))));
  }
  if (wanted.size === 0) {
    const upstreams = [...new Set(configuration.routes.flatMap((route) => route.upstreams))];
    throw new AuthorError(
      `--keep-app: no route of ${given} leads to services of it alone, by plain HTTP (${upstreams.join(", ")}); there is no application to keep, leave --keep-app out`,
    );
  }
  const { services, notDone } = await readApplication(given, [...wanted.keys()], { ...options, proxy: deployment.service });
  const leftOut = mixed.map((route): LeftOut => ({
    what: `the route ${route.id}`,
    why: `it leads to services that are kept and to others (${route.upstreams.filter((key) => !serviceOf.has(key)).join(", ")})`,
    place: route.place,
  }));
  return {
    application: { services, listen: new Map(Array.from(wanted, ([service, ports]) => [service, [...ports]])) },
    serviceOf,
    configuration: { ...configuration, routes, leftOut: [...configuration.leftOut, ...notDone, ...leftOut] },
  };
};

export const isKept = ({ upstreams }: Route, serviceOf: ReadonlyMap<string, unknown>): boolean =>
  upstreams.length > 0 && upstreams.every((key) => serviceOf.has(key));

const isMixed = (route: Route, serviceOf: ReadonlyMap<string, string>): boolean =>
  !isKept(route, serviceOf) && route.upstreams.some((key) => serviceOf.has(key));

/** What an application that is told nothing can be put to. The first tells how many it serves at a time. */
export const keptChecks = (checks: readonly Check[]): Check[] => {
  const of = (id: string): Check | undefined => checks.find((one) => one.id === id);
  const { source: _, ...delivered } = { ...of("events")?.must, ...of("headers")?.must };
  const watch = (id: string, title: string, like: Check | undefined): Check[] =>
    like && Object.keys(delivered).length > 0 ? [{ ...like, id, title, trial: { kind: "paced" }, must: delivered }] : [];
  return [
    ...checks.filter(({ id }) => id === "client-leaving"),
    ...watch("watch", "what the application sends, as it comes", of("events")),
    ...watch("watch-gzip", "the same for a client that takes gzip, as browsers do", of("gzip")),
    ...watch("watch-brotli", "the same for a client that takes brotli, as browsers do over TLS", of("brotli")),
  ];
};

/** Those of which nothing is known then. */
const notTested = (checks: readonly Check[]): string[] =>
  checks.map(({ id }) => id).filter((id) => !["client-leaving", "events", "gzip", "brotli", "headers"].includes(id));

export type RunningKept = KeptApplication & AsyncDisposable & { told: NonNullable<CheckReport["application"]> };

/** Starts it, and waits until it listens where the proxy forwards to. */
export const keepRunning = async (
  runtime: ContainerRuntime,
  { application, serviceOf, configuration }: KeptPlan,
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
  const routes = configuration.routes.filter((route) => isKept(route, serverOf)).map(({ id }) => id);
  const services = application.services.map(({ service, at, image }) => ({
    service,
    at,
    image: typeof image === "string" ? image : `built from ${image.file}`,
  }));
  return {
    serverOf,
    watchMs,
    told: { services, routes, watchMs, notTested: notTested(checks) },
    [Symbol.asyncDispose]: () => running[Symbol.asyncDispose](),
  };
};
