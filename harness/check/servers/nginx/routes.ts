// The routes of a configuration: every block that forwards requests, with a request that it really gets.
import { anyAccept } from "../../../lab/protocol.ts";
import { AuthorError } from "../../../errors.ts";
import type { PortForward, NotChecked, Route, Upstream } from "../../configuration.ts";
import { decodePath, encodeGiven } from "./candidates.ts";
import { answersTo, refuse } from "./choice.ts";
import type { Choice } from "./choice.ts";
import { chooserOf } from "./chooser.ts";
import { portForwardsOf, portForwardTo } from "./port-forwards.ts";
import { newEffort } from "./effort.ts";
import { fieldsOfHeaders, fieldsOfQuery, headersOf, queryOf } from "./fields.ts";
import type { Fields } from "./fields.ts";
import { passOf, proxyingBlocks, titleOf, whyUnreached } from "./forwarding.ts";
import { askedFor, filledIn } from "./named-upstreams.ts";
import { innerSockets, resolveInner } from "./inner.ts";
import { nearestOf } from "./levels.ts";
import { finderOf } from "./locations.ts";
import { reach } from "./reach.ts";
import type { Reached } from "./reach.ts";
import { withIds } from "./route-ids.ts";
import { serversOf } from "./servers.ts";
import type { Server } from "./servers.ts";
import { subrequestsOf } from "./subrequests.ts";
import type { Subrequest } from "./subrequests.ts";
import type { Directive } from "./tree.ts";
import { keyOf, setsOf, targetsOf, upstreamBlocks } from "./upstreams.ts";
import type { Targets } from "./upstreams.ts";
import { sourcesOf } from "./possible-values.ts";
import type { Sources } from "./possible-values.ts";

export interface RouteMap {
  routes: Route[];
  upstreams: Upstream[];
  notChecked: NotChecked[];
  ports: number[];
  portForwards: PortForward[];
  /** By route's id: header fields without which it refuses every request. */
  requestHeaders: Record<string, [name: string, value: string][]>;
  /** What was found that requests have to carry, by route's id. */
  passages: { route: string; fields: Fields }[];
  /** Conditions that turn requests away, and for which none was found that gets past. */
  guards: Directive[];
  /** Requests that nginx sends besides, which must be answered with success. */
  subrequests: Subrequest[];
}

/** Of every `auth_basic_user_file` that is a stub. */
export const standInUser = { name: "hopwise", password: "hopwise" };

const mostBlocks = 2000;

/** `without`: rules that the check goes without. */
export const findRoutes = (roots: readonly Directive[], choice: Choice, without: ReadonlySet<Directive> = new Set()): RouteMap => {
  const servers = serversOf(roots);
  const effort = newEffort();
  const chooser = chooserOf(servers, effort);
  const finders = new Map(servers.map((server) => [server, finderOf(server.block, effort)]));
  const count = [...finders.values()].reduce((sum, { all }) => sum + all.length + 1, 0);
  if (count > mostBlocks)
    throw new AuthorError(`${choice.given} has ${count} servers and locations; more than ${mostBlocks} are not checked at once.`);
  const uri = choice.path === undefined ? null : decodePath(choice.path);
  if (choice.path !== undefined && uri === null)
    throw new AuthorError(`--path ${choice.path} is not a request path: it must begin with a slash and have no segment ...`);

  const found: Found[] = [];
  const lost: string[] = [];
  const taken: string[] = [];
  const given: Fields = new Map([
    ...fieldsOfQuery(/\?([^#]*)/.exec(choice.path ?? "")?.[1] ?? ""),
    ...fieldsOfHeaders(choice.headers ?? []),
  ]);
  const upstreams = new Map<string, Upstream>();
  const notChecked: NotChecked[] = [];
  const subrequests: Subrequest[] = [];
  const passTargets = new Map<Directive, Targets>();
  const ofHttp = perHttp();
  for (const [server, finder] of finders) {
    const { blocks, sources } = ofHttp(server.block.parent ?? server.block);
    const sets = setsOf(server.block);
    const isAsked = choice.host === undefined || answersTo(server, choice.host);
    const { reached, failed, deaf, ...followed } = reach(
      server,
      chooser,
      { server: server.block, finder, sources, effort, setsOfServer: sets, without },
      {
        host: choice.host !== undefined && answersTo(server, choice.host) ? choice.host : null,
        uri,
        accept: choice.accept ?? anyAccept,
        method: choice.method ?? "GET",
        fields: given,
      },
    );
    if (isAsked && followed.lost !== null) lost.push(followed.lost);
    if (isAsked && followed.taken !== null) taken.push(followed.taken);
    const helped = subrequestsOf(server.block, finder);
    for (const block of proxyingBlocks(server.block)) {
      const pass = passOf(block);
      if (!pass) continue;
      const by = reached.get(block);
      const seen = by?.outcome.target;
      const targets = targetsOf(pass, blocks, sources, sets, [
        ...(typeof seen === "string" ? [seen] : []),
        ...filledIn(pass, choice.upstreams ?? {}),
      ]);
      passTargets.set(pass, targets);
      notChecked.push(...targets.notChecked);
      for (const upstream of targets.upstreams) upstreams.set(keyOf(upstream), upstreams.get(keyOf(upstream)) ?? upstream);
      const untrusted = targets.upstreams.some(({ scheme }) => scheme === "https") ? revocationsOf(block) : undefined;
      if (untrusted)
        notChecked.push({
          what: [untrusted.name, ...untrusted.args].join(" "),
          why: "it verifies upstreams against a list of revoked certificates",
          place: untrusted.place,
        });
      if (by && targets.upstreams.length > 0 && !untrusted) found.push({ server, block, by, targets });
      else if (by && isAsked) lost.push(`${titleOf(block)} (line ${block.place.line}) is not checked, since ${notChecked.at(-1)?.why}`);
      const isSilent =
        by !== undefined || targets.upstreams.length === 0 || uri !== null || choice.host !== undefined || helped.locations.has(block);
      if (!isSilent) notChecked.push({ what: titleOf(block), why: deaf ?? whyUnreached(block, failed), place: block.place });
    }
    subrequests.push(...helped.requestsFor(passTargets));
  }
  const own = innerSockets(servers);
  const portForwards = portForwardsOf(servers);
  const chosen = found.filter(({ server }) => choice.host === undefined || answersTo(server, choice.host));
  if (chosen.length === 0 && found.length + (choice.path === undefined ? 0 : 1) > 0) refuse(choice, servers, found.length > 0, lost, taken);
  const leading = chosen.map((one) => ({ ...one, upstreams: resolveInner(one.targets.upstreams, servers, own, passTargets).map(keyOf) }));
  for (const { block, upstreams: none } of leading)
    if (none.length === 0)
      notChecked.push({
        what: titleOf(block),
        why: "it leads to another server of this configuration, which forwards nothing",
        place: block.place,
      });
  const routes = withIds(
    leading.filter(({ upstreams: some }) => some.length > 0),
    choice.path === undefined ? undefined : encodeGiven(choice.path),
    portForwards,
  );
  const requestHeaders: RouteMap["requestHeaders"] = {};
  const named = routes.map(({ by }) => askedFor(by.outcome.pass, choice.upstreams ?? {}));
  for (const [index, { route, by }] of routes.entries()) {
    const { fields } = by.outcome.by;
    const password: [string, string][] = by.outcome.needsPassword && !fields.has("http_authorization") ? [["authorization", basic]] : [];
    const asked: [string, string][] = [
      ...(choice.headers ?? []).map(([name, value]): [string, string] => [name, value]),
      ...headersOf(notGiven(fields, given)),
      ...(named[index]?.headers ?? []),
    ];
    if (asked.length + password.length > 0) requestHeaders[route.id] = [...asked, ...password];
  }
  return {
    routes: routes.map(({ route, by }, index) =>
      withQuery(withQuery(route, queryOf(notGiven(by.outcome.by.fields, given))), named[index]?.query ?? ""),
    ),
    passages: routes.map(({ route, by }) => ({ route: route.id, fields: notGiven(by.outcome.by.fields, given) })),
    guards: [...new Set(routes.flatMap(({ by }) => [...by.outcome.by.without]))].filter((guard) => !without.has(guard)),
    upstreams: resolveInner([...upstreams.values()], servers, own, passTargets),
    notChecked,
    ports: [
      ...new Set(
        servers.flatMap(({ listens }) => listens.flatMap((listen) => (listen.reachable ? [portForwardTo(portForwards, listen)] : []))),
      ),
    ].toSorted((one, other) => one - other),
    portForwards,
    requestHeaders,
    subrequests,
  };
};

/** https://nginx.org/en/docs/http/ngx_http_proxy_module.html#proxy_ssl_crl */
const revocationsOf = (block: Directive): Directive | undefined =>
  ["proxy", "grpc", "uwsgi"].flatMap((prefix) =>
    nearestOf(block, `${prefix}_ssl_verify`)[0]?.args[0] === "on" ? nearestOf(block, `${prefix}_ssl_crl`) : [],
  )[0];

/** What was found that a request has to carry besides. */
const notGiven = (fields: Fields, given: Fields): Fields => new Map([...fields].filter(([name]) => !given.has(name)));

/** Of each http block once: what all of its servers share. */
const perHttp = (): ((http: Directive) => { blocks: ReturnType<typeof upstreamBlocks>; sources: Sources }) => {
  const known = new Map<Directive, { blocks: ReturnType<typeof upstreamBlocks>; sources: Sources }>();
  return (http) => {
    const found = known.get(http) ?? { blocks: upstreamBlocks(http), sources: sourcesOf(http) };
    known.set(http, found);
    return found;
  };
};

/** With arguments besides. */
const withQuery = (route: Route, query: string): Route =>
  query === "" ? route : { ...route, path: `${route.path}${route.path.includes("?") ? "&" : "?"}${query}` };

const basic = `Basic ${Buffer.from(`${standInUser.name}:${standInUser.password}`).toString("base64")}`;

interface Found {
  server: Server;
  block: Directive;
  by: Reached;
  targets: Targets;
}
