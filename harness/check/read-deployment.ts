// A compose file as what to check: its proxy, or several in a row, from the one that clients reach to the one nearest the application.
import { basename, dirname } from "node:path";
import { AuthorError } from "../errors.ts";
import { deployedFiles } from "../deployment/deployed.ts";
import { matcherOf } from "../deployment/glob.ts";
import { readProxies } from "../deployment/proxies.ts";
import type { NamedProxy } from "../deployment/proxies.ts";
import { readCompose } from "../deployment/read.ts";
import type { Sandbox } from "../deployment/ran.ts";
import type { Neighbor } from "../deployment/subject.ts";
import { upstreamKey } from "./configuration.ts";
import type { Upstream } from "./configuration.ts";
import type { CheckableServer, CheckedConfig, NamedPath } from "./server.ts";

export interface ReadingOptions {
  cwd: string;
  env: Record<string, string>;
  host?: string;
  path?: string;
  /** What the trials say that they accept. */
  accept?: string;
  method?: string;
  upstreams?: Record<string, string>;
  named?: readonly NamedPath[];
  /** Further header fields of every request. */
  headers?: readonly (readonly [name: string, value: string])[];
  service?: string;
  /** Its requests come from another server. */
  isInner?: true;
  /** Runs what the proxy of a deployment starts with. */
  sandbox?: (server: string) => Sandbox;
  servers: readonly CheckableServer[];
}

export interface Subject {
  server: CheckableServer;
  config: CheckedConfig;
  /** The image that the deployment names; null if it names none. */
  image: string | null;
  /** Of a compose file: the service that it is, and by which names it knows others. */
  composed?: Composed;
}

export interface Composed {
  service: string;
  neighbors: Neighbor[];
  environment: Record<string, string>;
  /** Proxies of the same deployment that it forwards to. */
  inner: InnerSubject[];
  /** Proxies of the same deployment that are not checked. */
  others: NamedProxy[];
}

export interface InnerSubject {
  subject: Subject & { composed: Composed };
  /** Keys of the upstreams of the proxy in front of it that lead here. */
  upstreams: string[];
  /** Its configuration with the routes that serve these requests, each with its place among them. */
  read: (named: readonly NamedPath[]) => Promise<CheckedConfig>;
}

/** Throws AuthorErrors only. `service`: that one alone. */
export const readDeployment = async (given: string, options: ReadingOptions): Promise<Subject> => {
  const { checkable, others } = await readProxies(given, options);
  const { service: asked } = options;
  if (asked !== undefined || checkable.length < 2) {
    const { subject } = await readService(given, options);
    subject.composed.others = [...others, ...checkable.filter(({ service }) => service !== subject.composed.service)];
    return subject;
  }
  const { host: _, path: __, named: ___, ...wide } = options;
  const { read: all, unread } = await readEach(checkable, (service) => readService(given, { ...wide, service }));
  for (const one of all) one.subject.composed.inner = innerOf(one, all);
  refuseCircle(given, all);
  const entry = entryOf(given, all, checkable);
  const included = new Set(subjectsFrom(entry.subject));
  const beside = all.filter(({ subject }) => !included.has(subject)).map(({ subject }) => subject.composed.service);
  const notRead = checkable.filter(({ service }) => unread.has(service) || beside.includes(service));
  return {
    ...entry.subject,
    config: await entry.read(options),
    composed: { ...entry.subject.composed, others: [...others, ...notRead] },
  };
};

/** A server that only serves files is none of a chain: what forwards to it is checked all the same. */
const readEach = async (
  checkable: readonly NamedProxy[],
  readOne: (service: string) => Promise<ReadService>,
): Promise<{ read: ReadService[]; unread: ReadonlySet<string> }> => {
  const settled = await Promise.allSettled(checkable.map(({ service }) => readOne(service)));
  const read = settled.flatMap((one) => (one.status === "fulfilled" ? [one.value] : []));
  const unread = new Set<string>();
  for (const [at, one] of settled.entries()) {
    if (one.status === "fulfilled") continue;
    const service = checkable[at]?.service ?? "";
    if (!(one.reason instanceof AuthorError)) throw one.reason;
    if (read.length === 0) throw new AuthorError(`service ${service}: ${one.reason.message}`, { cause: one.reason });
    unread.add(service);
  }
  return { read, unread };
};

type Proxied = ReadService["subject"];

const subjectsFrom = (subject: Proxied): Proxied[] => [subject, ...subject.composed.inner.flatMap((one) => subjectsFrom(one.subject))];

const refuseCircle = (given: string, all: readonly ReadService[]): void => {
  const visit = (subject: Proxied, trail: readonly string[]): void => {
    const { service, inner } = subject.composed;
    const from = trail.indexOf(service);
    if (from !== -1)
      throw new AuthorError(
        `${given}: services forward to each other in a circle: ${[...trail.slice(from), service].join(" → ")}; --service checks one of them`,
      );
    for (const one of inner) visit(one.subject, [...trail, service]);
  };
  for (const { subject } of all) visit(subject, []);
};

/** The one that no other forwards to; of several, the one that has ports of the machine's. */
const entryOf = (given: string, all: readonly ReadService[], checkable: readonly NamedProxy[]): ReadService => {
  const reached = new Set(all.flatMap(({ subject }) => subject.composed.inner.map((one) => one.subject)));
  const entries = all.filter(({ subject }) => !reached.has(subject));
  const published = entries.filter(({ subject }) => checkable.some((one) => one.service === subject.composed.service && one.isPublished));
  const [entry, ...more] = published.length === 1 ? published : entries;
  if (entry && more.length === 0) return entry;
  const titles = [...new Set(all.map(({ subject }) => subject.server.packaging.title))].join(" or ");
  const names = entries.map(({ subject }) => subject.composed.service);
  throw new AuthorError(
    `${given} has ${all.length} services that run ${titles}, ${names.length} of which no other forwards to (${names.join(", ")}); give --service ${checkable.map(({ service }) => service).join("|")}`,
  );
};

interface ReadService {
  subject: Subject & { composed: Composed };
  read: (options: Partial<ReadingOptions>) => Promise<CheckedConfig>;
}

const innerOf = ({ subject }: ReadService, all: readonly ReadService[]): InnerSubject[] =>
  all.flatMap((other): InnerSubject[] => {
    if (other.subject === subject) return [];
    const upstreams = subject.config.deployment.upstreams.filter((one) => leadsTo(one, subject, other.subject)).map(upstreamKey);
    const read = (named: readonly NamedPath[]) => other.read({ named, isInner: true });
    return upstreams.length === 0 ? [] : [{ subject: other.subject, upstreams: [...new Set(upstreams)], read }];
  });

const leadsTo = (
  { host, port, socket, scheme, speaks = "http" }: Upstream,
  from: ReadService["subject"],
  to: ReadService["subject"],
): boolean =>
  socket === undefined &&
  scheme === "http" &&
  speaks === "http" &&
  to.config.deployment.ports.includes(port) &&
  from.composed.neighbors.some(({ name, service }) => service === to.composed.service && name.toLowerCase() === host.toLowerCase());

const matchesSite = (site: string, target: string): boolean =>
  dirname(site) === dirname(target) && matcherOf(basename(site), "posix")(basename(target));

/** In a sentence. */
const mostMissing = 3;

const readService = async (given: string, options: ReadingOptions): Promise<ReadService> => {
  const compose = await readCompose(given, options);
  const { server } = compose;
  const { variables, ...deployed } = deployedFiles(compose);
  if (
    compose.isScripted &&
    !deployed.files.some(({ target }) => target === deployed.main || deployed.sites.some((site) => matchesSite(site, target)))
  )
    throw new AuthorError(
      `${given}: what service ${compose.service} starts with writes the configuration of ${server.packaging.title} (${compose.place.file}:${compose.place.line}); --run-entrypoint runs just that in a sandbox without a network, and checks what it writes`,
    );
  const read: ReadService["read"] = async (more) => {
    const asked = { ...options, ...more };
    const config = await server.read(
      { kind: "deployed", given, ...deployed, folder: dirname(given), missing: compose.notDone.slice(0, mostMissing) },
      { ...asked, env: { ...variables, ...asked.env } },
    );
    const { stubs, notChecked } = config.deployment;
    return config.with({ stubs: [...compose.stubs, ...stubs], notChecked: [...compose.notDone, ...notChecked] });
  };
  const { service, links, environment } = compose;
  const composed: Composed = { service, neighbors: links, environment, inner: [], others: [] };
  return { subject: { server, config: await read({}), image: compose.image, composed }, read };
};

/** Of all levels. */
export const servicesOf = (inner: readonly InnerSubject[]): string[] =>
  inner.flatMap(({ subject: { composed } }) => [composed.service, ...servicesOf(composed.inner)]);
