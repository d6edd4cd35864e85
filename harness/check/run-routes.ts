// Runs the trials of every route on the configuration as it was given.
import { step } from "../progress.ts";
import type { OnProgress } from "../progress.ts";
import { isFor } from "./checks.ts";
import type { Task } from "./checks.ts";
import type { Route } from "./configuration.ts";
import type { Environment } from "./environment.ts";
import { keptChecks } from "./kept.ts";
import type { ObservedCheck } from "./observed.ts";
import { outlasting } from "./outlasting.ts";
import type { Turn } from "./parts.ts";
import { withoutUntestable, withProtocols } from "./protocols.ts";
import { routeReports } from "./route-reports.ts";
import type { About, Observed } from "./route-reports.ts";
import { isKept } from "./running.ts";
import type { KeptApplication } from "./running.ts";
import type { CheckedConfig } from "./server.ts";
import type { ServerUnderTest } from "./start-server.ts";

export interface RoutesToRun {
  config: CheckedConfig;
  /** The user's own application in place of the lab's origin. */
  kept?: KeptApplication;
  signal?: AbortSignal;
  onProgress?: OnProgress;
}

export const runRoutes = async (
  { config, kept, signal, onProgress = () => {} }: RoutesToRun,
  taskOf: (route: Route) => Task,
  about: About,
  environment: Environment,
  underTest: ServerUnderTest,
): Promise<Observed> => {
  const withReload = outlasting(config, config.routes);
  const turns = config.routes.flatMap((route) => {
    const features = config.features(route);
    const { checks } = taskOf(route);
    const { upstreams } = config.deployment;
    return (kept && isKept(route, kept.serverOf) ? keptChecks(checks) : withProtocols(route, withoutUntestable(route, upstreams, checks)))
      .filter((one) => isFor(one, features))
      .map((one): Turn => ({ underTest, route, check: withReload(one) }));
  });
  shareServers(turns);
  const where = config.routes.length === 1 ? "1 route" : `${config.routes.length} routes`;
  let done = 0;
  const results = await environment.run(turns, () =>
    signal?.aborted ? undefined : onProgress(step(`${++done} of ${turns.length} trials on ${where} are done`)),
  );
  const byRoute = new Map<string, ObservedCheck[]>();
  for (const [index, { route }] of turns.entries()) {
    const { check: one, crowded, ...result } = results[index]!;
    byRoute.set(route.id, [...(byRoute.get(route.id) ?? []), { check: one, result, ...(crowded ? { crowded } : {}) }]);
  }
  return { routes: routeReports(config.routes, byRoute, about), results: byRoute };
};

/** Each such server takes the time of the machine to start. */
const mostOwnServers = 8;

/** In place: where too many trials want a server of their own, they run on the common one, and what it keeps is not known. */
const shareServers = (turns: Turn[]): void => {
  const wanting = turns.filter(({ check }) => check.hasOwnServer);
  if (wanting.length <= mostOwnServers) return;
  for (const turn of wanting) {
    const { hasOwnServer: _, ...shared } = turn.check;
    turn.check = shared;
  }
};
