// Several servers in a row as one configuration: its routes are those of the server that clients reach, and each leads on to the application.
// Pure.
import { hopOf } from "../build.ts";
import type { Deployment, Edit, Route } from "../configuration.ts";
import type { Change, CheckedConfig, InnerHop, Next } from "../server.ts";

/** `next`: by the id of a route of `own`. */
export const chained = (hop: string, own: CheckedConfig, inner: readonly InnerHop[], next: ReadonlyMap<string, Next>): CheckedConfig => {
  const nextOf = ({ id }: Pick<Route, "id">): Next | null => next.get(id) ?? null;
  const routes = own.routes.map((route) => ({ ...route, upstreams: nextOf(route)?.route.upstreams ?? route.upstreams }));
  const configs = [own, ...inner.map(({ config }) => config)];
  return {
    deployment: deploymentOf(configs, own.routes, nextOf),
    routes,
    chain: { own, inner, next: nextOf },
    ...asking(hop, own, nextOf),
    routesIn: (edits) => routesWith(edits, own, routes, inner, nextOf),
    contentOf: (file) => (configs.find((one) => one.deployment.files.includes(file)) ?? own).contentOf(file),
    lineOf: (refusal) => configs.map((one) => one.lineOf(refusal)).find((line) => line !== null) ?? null,
    isAbout: (refusal, target) => configs.some((one) => one.isAbout(refusal, target)),
    hintFor: (refusal) => configs.map((one) => one.hintFor?.(refusal) ?? null).find((hint) => hint !== null) ?? null,
    with: (change) => changed(hop, own, inner, next, change),
  };
};

type Asking = Pick<
  CheckedConfig,
  "features" | "signs" | "limits" | "cutsAfterReloadMs" | "keeps" | "suspects" | "fixes" | "noEffectCandidates"
>;

/** What each server of a route says of it; of a fault, only the one that shows it. */
const asking = (hop: string, own: CheckedConfig, nextOf: (route: Route) => Next | null): Asking => {
  const all = <T>(route: Route, of: (config: CheckedConfig, route: Route) => readonly T[], at?: string): T[] => {
    const next = nextOf(route);
    const here = at === undefined || at === hop ? of(own, route) : [];
    if (!next) return [...here];
    const there = at === undefined || at !== hop ? of(next.hop.config, next.route) : [];
    return [...there, ...here];
  };
  return {
    features: (route) => new Set(all(route, (config, one) => [...config.features(one)])),
    signs: (route) => all(route, (config, one) => config.signs(one)),
    limits: (route) => all(route, (config, one) => config.limits?.(one) ?? []),
    cutsAfterReloadMs: (route) => shortest(all(route, (config, one) => [config.cutsAfterReloadMs?.(one) ?? []].flat())),
    // What is measured is of all servers together.
    keeps: (route) =>
      all(route, (config, one) => [config.keeps?.(one) ?? []].flat()).find(({ isKeptAfterwards }) => isKeptAfterwards) ?? null,
    suspects: (route, symptom) => all(route, (config, one) => config.suspects(one, symptom), symptom.hop),
    fixes: (route, symptom) => all(route, (config, one) => config.fixes(one, symptom), symptom.hop),
    noEffectCandidates: (route) => all(route, (config, one) => config.noEffectCandidates(one)),
  };
};

const shortest = (times: readonly number[]): number | null => (times.length === 0 ? null : Math.min(...times));

/** Of all servers, what is reported, and what the lab has to know. */
const deploymentOf = (configs: readonly CheckedConfig[], routes: readonly Route[], nextOf: (route: Route) => Next | null): Deployment => {
  const [{ deployment: own }] = configs as [CheckedConfig];
  const all = configs.map(({ deployment }) => deployment);
  const files = [...new Map(all.flatMap((one) => one.files.map((file) => [file.path, file] as const))).values()];
  return {
    ...own,
    files,
    stubs: all.flatMap(({ stubs }) => stubs),
    notChecked: all.flatMap(({ notChecked }) => notChecked),
    upstreams: all.flatMap(({ upstreams }) => upstreams),
    subrequests: all.flatMap(({ subrequests = [] }) => subrequests),
    requestHeaders: Object.fromEntries(
      routes.flatMap((route) => {
        const next = nextOf(route);
        const inner = next ? (next.hop.config.deployment.requestHeaders?.[next.route.id] ?? []) : [];
        const headers = [...(own.requestHeaders?.[route.id] ?? []), ...inner];
        return headers.length === 0 ? [] : [[route.id, distinct(headers)]];
      }),
    ),
  };
};

/** The outer server's own come first: a field is sent once. */
const distinct = (headers: readonly [name: string, value: string][]): [name: string, value: string][] =>
  headers.filter(([name], at) => headers.findIndex(([other]) => other.toLowerCase() === name.toLowerCase()) === at);

const routesWith = (
  edits: readonly Edit[],
  own: CheckedConfig,
  routes: readonly Route[],
  inner: readonly InnerHop[],
  nextOf: (route: Route) => Next | null,
): readonly Route[] => {
  const here = new Set(own.routesIn(editsIn(own, edits)).map(({ id }) => id));
  const there = new Map(inner.map(({ config }) => [config, new Set(config.routesIn(editsIn(config, edits)).map(({ id }) => id))]));
  return routes.filter((route) => {
    const next = nextOf(route);
    return here.has(route.id) || (next !== null && there.get(next.hop.config)?.has(next.route.id) === true);
  });
};

const editsIn = ({ deployment: { files } }: CheckedConfig, edits: readonly Edit[]): Edit[] =>
  edits.filter(({ file }) => files.some(({ path }) => path === file));

/** Edits go to the servers that read their files; routes are those of the first; the rest is about the first as well. */
const changed = (
  hop: string,
  own: CheckedConfig,
  inner: readonly InnerHop[],
  next: ReadonlyMap<string, Next>,
  { edits, routes, ...others }: Change,
): CheckedConfig => {
  const edited = (config: CheckedConfig): CheckedConfig => {
    const its = editsIn(config, edits ?? []);
    return its.length === 0 ? config : config.with({ edits: its });
  };
  const ids = routes && new Set(routes.map(({ id }) => id));
  const changedOwn = edited(own).with({ ...others, ...(ids ? { routes: own.routes.filter(({ id }) => ids.has(id)) } : {}) });
  const hops = new Map(inner.map((one) => [one, { ...one, config: edited(one.config) }]));
  const after = new Map([...next].map(([id, one]) => [id, { ...one, hop: hops.get(one.hop) ?? one.hop }]));
  return chained(hop, changedOwn, [...hops.values()], after);
};

/** With the version that each server turned out to have. */
export const withVersions = (config: CheckedConfig, versionOf: (hop: string) => string | null, hop: string): CheckedConfig => {
  const version = versionOf(hop);
  const versioned = (one: CheckedConfig): CheckedConfig => (version === null ? one : one.with({ version }));
  if (!config.chain) return versioned(config);
  const { own, inner, next } = config.chain;
  const hops = new Map(inner.map((one) => [one, { ...one, config: withVersions(one.config, versionOf, hopOf(one.build)) }]));
  const after = new Map(
    own.routes.flatMap((route) => {
      const one = next(route);
      return one ? [[route.id, { ...one, hop: hops.get(one.hop) ?? one.hop }] as const] : [];
    }),
  );
  return chained(hop, versioned(own), [...hops.values()], after);
};

/** The names of all servers of a chain, from the one that clients reach. */
export const hopsOf = ({ chain }: CheckedConfig, hop: string): string[] => [
  hop,
  ...(chain?.inner ?? []).flatMap(({ build, config }) => hopsOf(config, hopOf(build))),
];

/** Of one route, likewise. */
export const hopsAlong = (config: CheckedConfig, route: Pick<Route, "id">, hop: string): string[] => {
  const next = config.chain?.next(route) ?? null;
  return next ? [hop, ...hopsAlong(next.hop.config, next.route, hopOf(next.hop.build))] : [hop];
};
