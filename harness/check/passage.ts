// The servers that a route leads through.
import type { Route } from "./configuration.ts";
import type { ServerUnderTest } from "./start-server.ts";

interface Passed {
  server: ServerUnderTest;
  /** Id of the tap in front of it; null: clients reach it. */
  tap: string | null;
}

/** From the one that clients reach to the one nearest the application. */
export const passageOf = (on: ServerUnderTest, route: Pick<Route, "id">, tap: string | null = null): Passed[] => {
  const next = on.config.chain?.next(route) ?? null;
  const inner = on.inner.find(({ taps }) => next !== null && taps.has(next.upstream));
  const here = { server: on, tap };
  return next && inner ? [here, ...passageOf(inner.underTest, next.route, inner.taps.get(next.upstream)?.id ?? null)] : [here];
};

/** All servers of a chain. */
export const allOf = (on: ServerUnderTest): ServerUnderTest[] => [on, ...on.inner.flatMap(({ underTest }) => allOf(underTest))];
