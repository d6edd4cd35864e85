// The application of a compose file while it is the upstream of the proxy: where its taps listen, and how many streams it serves concurrently.
import type { Application } from "../session/application.ts";
import type { Trace } from "../model/trace.ts";
import type { ContainerRuntime } from "../runtime/container.ts";
import type { RunningServer } from "../runtime/runtime.ts";
import type { Route } from "./configuration.ts";

export interface KeptApplication {
  /** By upstream, `host:port`. */
  serverOf: ReadonlyMap<string, RunningServer>;
  /** A stream that does not end is watched for so long. */
  watchMs: number;
}

/** Whether all of its upstreams are services that are kept. */
export const isKept = ({ upstreams }: Route, serviceOf: ReadonlyMap<string, unknown>): boolean =>
  upstreams.length > 0 && upstreams.every((key) => serviceOf.has(key));

const hostOf = (upstream: string): string => upstream.slice(0, upstream.lastIndexOf(":"));
const portOf = (upstream: string): number => Number(upstream.slice(upstream.lastIndexOf(":") + 1));

/** Null for a route whose upstreams are scripted. */
export const applicationOn = (route: Route, kept: KeptApplication | null): Application | null => {
  const [upstream = ""] = route.upstreams;
  const server = kept?.serverOf.get(upstream);
  if (!kept || !server || !isKept(route, kept.serverOf)) return null;
  return {
    url: `http://${upstream}${route.path}`,
    address: { host: server.address.host, port: portOf(upstream) },
    target: route.path,
    host: route.host,
    watchMs: kept.watchMs,
  };
};

/** The services of a route: the report says if one ends. */
export const serversOn = (route: Route, kept: KeptApplication | null): RunningServer[] => [
  ...new Set(route.upstreams.flatMap((key) => kept?.serverOf.get(key) ?? [])),
];

export interface Standpoint {
  id: string;
  target: "origin" | { host: string; port: number };
  listen: { host: string; port: number };
}

/** Services may have the same port: each has an address of the lab's to itself, where the engine lets it. The first two are taken. */
const firstAddress = 2;

/** Where the tap of an upstream stands: in front of its service, or one for each port in front of the lab's origin at `lab`. */
export const standpoints = (runtime: ContainerRuntime, lab: string, kept: KeptApplication | null): ((upstream: string) => Standpoint) => {
  const services = [...new Set(kept?.serverOf.values())];
  return (upstream) => {
    const port = portOf(upstream);
    const server = kept?.serverOf.get(upstream);
    // One name has one address, whatever of it is kept.
    const named = server ?? [...(kept?.serverOf ?? [])].find(([key]) => hostOf(key) === hostOf(upstream))?.[1];
    if (!named) return { id: `upstream-${port}`, target: "origin", listen: { host: lab, port } };
    const host = addressAt(runtime, firstAddress + services.indexOf(named)) ?? lab;
    const target = server ? { host: server.address.host, port } : "origin";
    return { id: `service-${named.hop}-${port}`, target, listen: { host, port } };
  };
};

/** Null where the engine gives the lab no such address. */
export const addressAt = (runtime: ContainerRuntime, index: number): string | null => {
  try {
    return runtime.address(index);
  } catch {
    return null;
  }
};

/** How many requests an application that serves more than one gets concurrently. */
const mostAtOnce = 4;

/** One trial after another, until the application has served two requests concurrently: until then, trials might wait for each other. */
export class Lane {
  #room = 1;
  #inside = 0;
  readonly #waiting: (() => void)[] = [];

  async run<T extends { trace: Trace | null }>(work: () => Promise<T>): Promise<T> {
    if (this.#inside >= this.#room) await new Promise<void>((resolve) => this.#waiting.push(resolve));
    else this.#inside += 1;
    try {
      const result = await work();
      if (result.trace && servesTwo(result.trace)) this.#room = mostAtOnce;
      return result;
    } finally {
      this.#inside -= 1;
      while (this.#inside < this.#room && this.#waiting.length > 0) {
        this.#inside += 1;
        this.#waiting.shift()?.();
      }
    }
  }
}

/** Two cases were in the application concurrently, and each had its response before the other's ended. */
const servesTwo = ({ cases }: Trace): boolean => {
  const served = cases.flatMap(({ exchanges }) =>
    exchanges.flatMap(({ link, response, end }) => (link === 0 && response ? [{ from: response.at, to: end.at }] : [])),
  );
  return served.some((one, index) => served.some((other, at) => at > index && one.from < other.to && other.from < one.to));
};
