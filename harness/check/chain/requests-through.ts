// What a server makes of the requests on its routes: with which path and Host header each arrives at its upstream. It is measured, since
// rewrites and header rules may do anything to them.
import type { Check } from "../checks.ts";
import type { Route } from "../configuration.ts";
import type { Environment } from "../environment.ts";
import type { ServerUnderTest } from "../start-server.ts";

export interface Forwarded {
  path: string;
  /** Without a port; null: it has none. */
  host: string | null;
}

/** The query parameter by which the lab knows its requests. */
const withoutMark = (target: string): string =>
  target.replace(/([?&])hopwise=[^&]*(&?)/, (_, before: string, after: string) => (after === "" ? "" : before));

/** One short stream. */
const passing = (like: Check): Check => ({
  ...like,
  id: "passing-on",
  title: "what the request looks like that is passed on",
  trial: { kind: "paced", records: 1, everyMs: 10 },
  must: {},
});

/** By the route's id; without those whose request did not arrive. `like`: a check as which the requests are sent. */
export const requestsThrough = async (
  environment: Environment,
  underTest: ServerUnderTest,
  routes: readonly Route[],
  like: Check,
): Promise<ReadonlyMap<string, Forwarded>> => {
  const check = passing(like);
  const results = await environment.run(routes.map((route) => ({ underTest, route, check })));
  return new Map(
    routes.flatMap((route, index) => {
      const exchanges = results[index]?.trace?.cases.flatMap((one) => one.exchanges) ?? [];
      const request = exchanges.find(({ link }) => link === 0)?.request;
      if (!request) return [];
      const host = request.headers.find(([name]) => name.toLowerCase() === "host")?.[1] ?? null;
      return [[route.id, { path: withoutMark(request.target), host: host?.replace(/:\d+$/, "") ?? null }] as const];
    }),
  );
};
