// A compose file as what to check: its proxy, or several in a row, from the one that clients reach to the one nearest the application.
import { basename, dirname } from "node:path";
import { AuthorError } from "../errors.ts";
import { deployedFiles } from "../deployment/deployed.ts";
import { matcherOf } from "../deployment/glob.ts";
import { readProxies } from "../deployment/proxies.ts";
import type { OtherProxy } from "../deployment/proxies.ts";
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
  others: OtherProxy[];
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
  if (options.service !== undefined || checkable.length < 2) {
    const { subject } = await readService(given, options);
    const alone = checkable.filter((name) => name !== subject.composed.service);
    subject.composed.others = [...others, ...alone.map((service) => notAsked(service, subject))];
    return subject;
  }
  const { host: _, path: __, named: ___, ...wide } = options;
  const all = await Promise.all(checkable.map((service) => readService(given, { ...wide, service })));
  for (const one of all) one.subject.composed.inner = innerOf(one, all);
  const [entry, ...more] = entriesOf(all);
  if (!entry || more.length > 0)
    throw new AuthorError(
      `${given} has ${checkable.length} services that run ${titlesOf(all)}, ${entry ? `of which clients reach ${more.length + 1}` : "which forward to each other in a circle"}; give --service ${checkable.join("|")}`,
    );
  const { subject, read } = entry;
  return { ...subject, config: await read(options), composed: { ...subject.composed, others } };
};

const notAsked = (service: string, { server, config }: Subject): OtherProxy => ({
  service,
  title: server.packaging.title,
  place: config.routes[0]?.place ?? { file: "", line: 1, column: 1, start: 0, end: 0 },
});

interface ReadService {
  subject: Subject & { composed: Composed };
  read: (options: Partial<ReadingOptions>) => Promise<CheckedConfig>;
}

const titlesOf = (all: readonly ReadService[]): string =>
  [...new Set(all.map(({ subject }) => subject.server.packaging.title))].join(" or ");

/** Those that no other forwards to. */
const entriesOf = (all: readonly ReadService[]): ReadService[] => {
  const reached = new Set(all.flatMap(({ subject }) => subject.composed.inner.map((one) => one.subject)));
  return all.filter(({ subject }) => !reached.has(subject));
};

const innerOf = ({ subject }: ReadService, all: readonly ReadService[]): InnerSubject[] =>
  all.flatMap((other): InnerSubject[] => {
    if (other.subject === subject) return [];
    const upstreams = subject.config.deployment.upstreams.filter((one) => leadsTo(one, subject, other.subject)).map(upstreamKey);
    const read = (named: readonly NamedPath[]) => other.read({ named });
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
      { kind: "deployed", given, ...deployed, folder: dirname(given) },
      { ...asked, env: { ...variables, ...asked.env } },
    );
    const { stubs, notChecked } = config.deployment;
    return config.with({ stubs: [...compose.stubs, ...stubs], notChecked: [...compose.notDone, ...notChecked] });
  };
  const { service, links, environment } = compose;
  const composed: Composed = { service, neighbors: links, environment, inner: [], others: [] };
  return { subject: { server, config: await read({}), image: compose.image, composed }, read };
};
