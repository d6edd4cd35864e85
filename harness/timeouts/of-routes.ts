// The timeouts of the routes of a configuration: what its lines set, and the server's defaults for the rest. Pure.
import type { KeptResult } from "../catalog/results.ts";
import type { Route, RouteLimit } from "../check/configuration.ts";
import type { CheckedConfig } from "../check/server.ts";
import type { DocumentedLimit } from "../define.ts";
import type { LimitSource, TimeLimit } from "../model/time-limit.ts";
import { documentedLimit } from "./documented.ts";
import { measuredOf } from "./measured.ts";
import type { Asked } from "./measured.ts";

/** The server that a configuration is for. */
export interface Server extends Asked {
  /** For people, with its version if that is known: `nginx 1.26`. */
  name: string;
  /** Its page, for documented timeouts without one. */
  link: string;
  documented: readonly DocumentedLimit[];
}

export const limitsOfRoute = (
  hop: string,
  config: Pick<CheckedConfig, "limits">,
  route: Route,
  server: Server,
  results: readonly KeptResult[],
  sourceOf: SourceOf,
): TimeLimit[] => {
  const read = config.limits?.(route) ?? [];
  const known = new Set(read.map((limit) => limit.known));
  const limits = [
    ...read.flatMap((limit): TimeLimit[] => {
      if (limit.set) return [setLimit(hop, limit, limit.set, server, results, sourceOf)];
      const documented = server.documented.find(({ setBy }) => setBy === limit.known);
      return documented ? [defaultLimit(hop, documented, server, results, limit)] : [];
    }),
    ...server.documented.filter(({ setBy }) => !known.has(setBy ?? "")).map((limit) => defaultLimit(hop, limit, server, results)),
  ];
  // A configuration that forwards to itself may have a line, or a default, several times.
  return [...new Map(limits.map((limit) => [JSON.stringify(limit), limit])).values()];
};

type SourceOf = (set: NonNullable<RouteLimit["set"]>, page: string) => LimitSource;

/** A line of a user's configuration was not run; one of the catalog's own was, as its variant. */
const setLimit = (
  hop: string,
  { kind, link }: RouteLimit,
  set: NonNullable<RouteLimit["set"]>,
  server: Server,
  results: readonly KeptResult[],
  sourceOf: SourceOf,
): TimeLimit => {
  const source = sourceOf(set, link);
  const measured = source.from === "variant" ? measuredOf({ kind, ms: set.ms }, server, results) : null;
  return { hop, kind, ms: set.ms ?? "unknown", source, measured };
};

/** By the name that its directive has on this route: `uwsgi_read_timeout`. */
export const defaultLimit = (
  hop: string,
  limit: DocumentedLimit,
  server: Server,
  results: readonly KeptResult[],
  local?: RouteLimit,
): TimeLimit => {
  const setBy = local?.directive ?? limit.setBy ?? null;
  const page = local?.link ?? limit.page ?? server.link;
  const isOther = local !== undefined && local.directive !== local.known;
  return documentedLimit(
    hop,
    limit,
    { from: "default", server: server.name, setBy, page },
    // Measured with the directive of HTTP.
    isOther ? null : measuredOf(limit, server, results),
  );
};
