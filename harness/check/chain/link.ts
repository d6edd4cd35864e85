// Links the proxies of a deployment: each is started by itself, to see that it accepts its configuration and what it makes of the requests on
// its routes; then it is known which route of the next one serves them.
import { AuthorError } from "../../errors.ts";
import { step } from "../../progress.ts";
import type { OnProgress } from "../../progress.ts";
import { hopOf } from "../build.ts";
import type { Build } from "../build.ts";
import type { Check } from "../checks.ts";
import type { NotChecked, Route } from "../configuration.ts";
import type { Environment } from "../environment.ts";
import { inBuild } from "../in-build.ts";
import type { CheckedConfig, InnerHop, NamedPath, Next } from "../server.ts";
import { startAccepted } from "../start-accepted.ts";
import { madeAllFor } from "../signature.ts";
import { chained } from "./chained.ts";
import { hiding, shown } from "./hiding.ts";
import { requestsThrough } from "./requests-through.ts";
import type { Forwarded } from "./requests-through.ts";

/** A server of the deployment that another one forwards to. */
export interface InnerPlan {
  /** With the hop's name. */
  build: Build;
  /** Why this image, in a sentence. */
  why: string;
  /** Keys of the upstreams of the server in front of it that lead here. */
  upstreams: readonly string[];
  /** Its configuration with the routes that serve these requests, each with its place among them. */
  read: (named: readonly NamedPath[]) => Promise<CheckedConfig>;
  inner: readonly InnerPlan[];
}

export interface Linking {
  environment: Environment;
  /** A check as which requests are sent. */
  like: Check;
  onProgress: OnProgress;
  signal?: AbortSignal;
  /** What the first server's requests carry that is not to be shown. */
  secrets?: readonly string[];
}

/** Routes that cannot be checked as a part of the chain are `notChecked`; there may be no others. */
export const linkChain = async (
  build: Build,
  given: CheckedConfig,
  plans: readonly InnerPlan[],
  linking: Linking,
): Promise<CheckedConfig> => {
  const { environment, like, onProgress, signal, secrets = [] } = linking;
  onProgress(step(`starting ${hopOf(build)} by itself`));
  const { underTest, config } = await startAccepted(environment, build, inBuild(given, build), signal);
  try {
    const leading = config.routes.flatMap((route) => plans.filter((plan) => isWholly(route, plan)).map((plan) => ({ route, plan })));
    const mixed = config.routes.filter((route) => isMixed(route, plans)).map(mixedOf);
    const through = await requestsThrough(
      environment,
      underTest,
      leading.map(({ route }) => route),
      like,
    );
    signal?.throwIfAborted();
    const hidden = [...secrets, ...madeAllFor(config.deployment.signatures ?? [], environment.clientAddress)];
    const linked: Linked[] = [];
    for (const plan of plans) {
      const routes = leading.filter((one) => one.plan === plan).map(({ route }) => route);
      // One after another: when one fails, no other is still starting servers.
      // oxlint-disable-next-line no-await-in-loop
      linked.push(await linkOne(plan, routes, through, { ...linking, secrets: hidden }));
    }
    const next = new Map(linked.flatMap((one) => [...one.next]));
    const dropped = [...mixed, ...linked.flatMap(({ notChecked }) => notChecked)].map((one) => shown(one, hidden));
    const gone = new Set(
      [...config.routes.filter((route) => isMixed(route, plans)), ...leading.map(({ route }) => route)].map(({ id }) => id),
    );
    const routes = config.routes.filter(({ id }) => next.has(id) || !gone.has(id));
    const own = config.with({ routes, notChecked: [...config.deployment.notChecked, ...dropped] });
    return chained(
      hopOf(build),
      own,
      linked.flatMap(({ hop }) => hop ?? []),
      next,
    );
  } finally {
    await environment.stop(underTest);
  }
};

/** By one port: the tap in front of another one would not be read. */
const isWholly = ({ upstreams }: Route, plan: InnerPlan): boolean =>
  upstreams.length > 0 && upstreams.every((key) => plan.upstreams.includes(key)) && new Set(upstreams.map(portOf)).size === 1;

const portOf = (upstream: string): number => Number(upstream.slice(upstream.lastIndexOf(":") + 1));

const isMixed = (route: Route, plans: readonly InnerPlan[]): boolean =>
  route.upstreams.some((key) => plans.some((plan) => plan.upstreams.includes(key))) && !plans.some((plan) => isWholly(route, plan));

const mixedOf = ({ id, upstreams, place }: Route): NotChecked => ({
  what: `the route ${id}`,
  why: `its upstreams are several services (${upstreams.join(", ")}), and a chain needs one; --service checks a proxy alone`,
  place,
});

interface Linked {
  /** Null: no route leads to it. */
  hop: InnerHop | null;
  next: [route: string, next: Next][];
  notChecked: NotChecked[];
}

const linkOne = async (
  plan: InnerPlan,
  routes: readonly Route[],
  through: ReadonlyMap<string, Forwarded>,
  linking: Linking,
): Promise<Linked> => {
  const name = hopOf(plan.build);
  const notChecked: NotChecked[] = [];
  const served: { route: Route; named: NamedPath }[] = [];
  for (const route of routes) {
    const request = through.get(route.id);
    // oxlint-disable-next-line no-await-in-loop
    const named = request ? await namedBy(request, plan) : "its request did not arrive there";
    if (typeof named === "string") notChecked.push({ what: `the route ${route.id}`, why: `${name}: ${named}`, place: route.place });
    else served.push({ route, named });
  }
  if (served.length === 0) return { hop: null, next: [], notChecked };
  const read = await plan.read(served.map(({ named }) => named));
  const wanted = read.with({ routes: read.routes.filter(({ named }) => named !== undefined) });
  const config = await linkChain(plan.build, hiding(wanted, linking.secrets), plan.inner, linking);
  const hop: InnerHop = { build: plan.build, config, upstreams: plan.upstreams };
  const next: Linked["next"] = [];
  for (const [index, { route, named }] of served.entries()) {
    const [upstream = ""] = route.upstreams;
    const inner = config.routes.find((one) => one.named === index && listensOn(one, portOf(upstream)));
    if (inner) next.push([route.id, { upstream, hop, route: inner }]);
    else {
      const lost = read.routes.find((one) => one.named === index)?.place;
      const why = config.deployment.notChecked.find(({ place }) => place.file === lost?.file && place.start === lost.start)?.why;
      notChecked.push({
        what: `the route ${route.id}`,
        why: why ?? `${name} does not serve ${named.path} on port ${portOf(upstream)}`,
        place: route.place,
      });
    }
  }
  return { hop: next.length === 0 ? null : hop, next, notChecked };
};

const listensOn = ({ port, others = [] }: Route, wanted: number): boolean => port === wanted || others.some((one) => one.port === wanted);

/** The route of a request, by its host where one is named for it; why there is none, in a sentence. */
const namedBy = async ({ path, host }: Forwarded, { read }: InnerPlan): Promise<NamedPath | string> => {
  const ways = host === null ? [{ path }] : [{ path, host }, { path }];
  let why = `it passes ${path} on to nothing`;
  for (const named of ways)
    try {
      // oxlint-disable-next-line no-await-in-loop
      const { routes } = await read([named]);
      if (routes.some((route) => route.named !== undefined)) return named;
    } catch (error) {
      if (!(error instanceof AuthorError)) throw error;
      why = error.message;
    }
  return why;
};
