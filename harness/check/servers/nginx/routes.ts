// The routes of a configuration: every block that forwards requests, with a request that it really gets.
import { AuthorError } from "../../../errors.ts";
import { anyAccept } from "../../../lab/protocol.ts";
import type { NotChecked, PortForward, Route, Signature, Upstream } from "../../configuration.ts";
import { decodePath, encodeGiven } from "./candidates.ts";
import { answersTo, refuse } from "./choice.ts";
import type { Choice } from "./choice.ts";
import { chooserOf } from "./chooser.ts";
import { newEffort } from "./effort.ts";
import type { Effort } from "./effort.ts";
import { fieldsOfHeaders, fieldsOfQuery, headersOf, queryOf } from "./fields.ts";
import type { Fields } from "./fields.ts";
import { followAll } from "./follow.ts";
import type { Followed } from "./follow.ts";
import { titleOf } from "./forwarding.ts";
import { innerSockets, resolveInner } from "./inner.ts";
import { finderOf } from "./locations.ts";
import type { Finder } from "./locations.ts";
import { askedFor } from "./named-upstreams.ts";
import { portForwardsOf, portForwardTo } from "./port-forwards.ts";
import type { Reached } from "./reach.ts";
import { shownOf, signedRoute } from "./signed-routes.ts";
import type { PassageOf } from "./signed-routes.ts";
import { withIds } from "./route-ids.ts";
import type { FoundRoute } from "./route-ids.ts";
import { serversOf } from "./servers.ts";
import type { Server } from "./servers.ts";
import type { Subrequest } from "./subrequests.ts";
import type { Directive } from "./tree.ts";
import { keyOf } from "./upstreams.ts";

export interface RouteMap {
  routes: Route[];
  upstreams: Upstream[];
  notChecked: NotChecked[];
  ports: number[];
  portForwards: PortForward[];
  /** By route's id: header fields without which it refuses every request. */
  requestHeaders: Record<string, [name: string, value: string][]>;
  /** What was found that requests have to carry, by route's id. */
  passages: PassageOf[];
  signatures: Signature[];
  /** Conditions that turn requests away, and for which none was found that gets past. */
  guards: Directive[];
  /** Requests that nginx sends besides, which must be answered with success. */
  subrequests: Subrequest[];
}

/** Of every `auth_basic_user_file` that is a stub. */
export const stubUser = { name: "hopwise", password: "hopwise" };

const mostBlocks = 2000;

/** `without`: rules that the check goes without. Throws an AuthorError where what was chosen is not there, or too much is. */
export const findRoutes = (roots: readonly Directive[], choice: Choice, without: ReadonlySet<Directive> = new Set()): RouteMap => {
  const servers = serversOf(roots);
  const effort = newEffort();
  const finders = findersOf(servers, effort, choice);
  const uri = choice.path === undefined ? null : decodePath(choice.path);
  if (choice.path !== undefined && uri === null)
    throw new AuthorError(`--path ${choice.path} is not a request path: it must begin with a slash and have no segment ...`);
  const given: Fields = new Map([
    ...fieldsOfQuery(/\?([^#]*)/.exec(choice.path ?? "")?.[1] ?? ""),
    ...fieldsOfHeaders(choice.headers ?? []),
  ]);
  const asked = { uri, accept: choice.accept ?? anyAccept, method: choice.method ?? "GET", fields: given };
  const followed = followAll(finders, { chooser: chooserOf(servers, effort), effort, choice, asked, without });
  const portForwards = portForwardsOf(servers);
  const own = innerSockets(servers);
  const leading = leadingSomewhere(followed, servers, own, choice);
  const routes = withIds(leading, choice.path === undefined ? undefined : encodeGiven(choice.path), portForwards);
  return {
    ...requestsOf(routes, choice, given),
    guards: [...new Set(routes.flatMap(({ by }) => [...by.outcome.by.without]))].filter((guard) => !without.has(guard)),
    upstreams: withCopiesApart(
      resolveInner([...followed.upstreams.values()], servers, own, followed.passTargets),
      followed.subrequests,
      leading,
    ),
    notChecked: followed.notChecked,
    ports: portsOf(servers, portForwards),
    portForwards,
    subrequests: followed.subrequests,
  };
};

/** Marks those whose host is asked for nothing but a mirror's copies. */
const withCopiesApart = (
  upstreams: readonly Upstream[],
  subrequests: readonly Subrequest[],
  routes: readonly { upstreams: readonly string[] }[],
): Upstream[] => {
  const copied = new Set(subrequests.flatMap((one) => (one.kind === "mirror" ? one.upstreams : [])));
  const asked = new Set(routes.flatMap((route) => route.upstreams));
  const hostsOf = (keys: ReadonlySet<string>): Set<string> => new Set(upstreams.flatMap((one) => (keys.has(keyOf(one)) ? [one.host] : [])));
  const apart = hostsOf(copied).difference(hostsOf(asked));
  return upstreams.map((one) => (apart.has(one.host) ? { ...one, isForCopies: true } : one));
};

const findersOf = (servers: readonly Server[], effort: Effort, { given }: Choice): Map<Server, Finder> => {
  const finders = new Map(servers.map((server) => [server, finderOf(server.block, effort)]));
  const count = [...finders.values()].reduce((sum, { all }) => sum + all.length + 1, 0);
  if (count > mostBlocks)
    throw new AuthorError(`${given} has ${count} servers and locations; more than ${mostBlocks} are not checked at once.`);
  return finders;
};

/** Those that the user chose and that forward to something; of the others it is noted why they are not checked. */
const leadingSomewhere = (
  { found, lost, taken, notChecked, passTargets }: Followed,
  servers: readonly Server[],
  own: ReturnType<typeof innerSockets>,
  choice: Choice,
): FoundRoute[] => {
  const chosen = found.filter(({ server }) => choice.host === undefined || answersTo(server, choice.host));
  if (chosen.length === 0 && found.length + (choice.path === undefined ? 0 : 1) > 0) refuse(choice, servers, found.length > 0, lost, taken);
  const leading = chosen.map((one) => ({ ...one, upstreams: resolveInner(one.targets.upstreams, servers, own, passTargets).map(keyOf) }));
  for (const { block, upstreams } of leading)
    if (upstreams.length === 0)
      notChecked.push({
        what: titleOf(block),
        why: "it leads to another server of this configuration, which forwards nothing",
        place: block.place,
      });
  return leading.filter(({ upstreams }) => upstreams.length > 0);
};

/** What the requests of each route have to carry besides what the user gave. */
const requestsOf = (
  routes: readonly { route: Route; by: Reached }[],
  choice: Choice,
  given: Fields,
): Pick<RouteMap, "routes" | "passages" | "requestHeaders" | "signatures"> => {
  const requestHeaders: RouteMap["requestHeaders"] = {};
  const passages: RouteMap["passages"] = [];
  const signatures: Signature[] = [];
  const asking = routes.map(({ route, by: { outcome } }): Route => {
    const { fields, signed = null } = outcome.by;
    const own = notGiven(fields, given);
    const named = askedFor(outcome.pass, choice.upstreams ?? {});
    const password: [string, string][] = outcome.needsPassword && !fields.has("http_authorization") ? [["authorization", basic]] : [];
    const chosen = (choice.headers ?? []).map(([name, value]): [string, string] => [name, value]);
    const headers: [string, string][] = [...chosen, ...headersOf(own), ...(named?.headers ?? []), ...password];
    if (headers.length > 0) requestHeaders[route.id] = headers;
    const asked = withQuery(withQuery(route, queryOf(own)), named?.query ?? "");
    if (signed) signatures.push({ made: signed.made, of: signed.of, encoding: signed.encoding });
    passages.push({ route: route.id, ...(signed ? shownOf(asked, own, signed) : { fields: own, signed: null }) });
    return signed ? signedRoute(asked, signed) : asked;
  });
  return { routes: asking, passages, requestHeaders, signatures };
};

const portsOf = (servers: readonly Server[], portForwards: readonly PortForward[]): number[] => {
  const used = servers.flatMap(({ listens }) => listens.filter(({ reachable, front }) => reachable || front !== undefined));
  return [...new Set(used.map((listen) => portForwardTo(portForwards, listen)))].toSorted((one, other) => one - other);
};

/** What was found that a request has to carry besides. */
const notGiven = (fields: Fields, given: Fields): Fields => new Map([...fields].filter(([name]) => !given.has(name)));

/** With arguments besides. */
const withQuery = (route: Route, query: string): Route =>
  query === "" ? route : { ...route, path: `${route.path}${route.path.includes("?") ? "&" : "?"}${query}` };

const basic = `Basic ${Buffer.from(`${stubUser.name}:${stubUser.password}`).toString("base64")}`;
