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
  sourceOf: (set: NonNullable<RouteLimit["set"]>, page: string) => LimitSource,
): TimeLimit[] => {
  const read = config.limits?.(route) ?? [];
  const set = read.flatMap((limit): TimeLimit[] => {
    if (!limit.set) return [];
    const { ms } = limit.set;
    // A line of a user's configuration was not run; one of the catalog's own was, as its variant.
    const source = sourceOf(limit.set, limit.link);
    const measured = source.from === "variant" ? measuredOf({ kind: limit.kind, ms }, server, results) : null;
    return [{ hop, kind: limit.kind, ms: ms ?? "unknown", source, measured }];
  });
  const overridden = new Set(read.flatMap((limit) => (limit.set ? [limit.known] : [])));
  const defaults = server.documented
    .filter(({ setBy }) => setBy === undefined || !overridden.has(setBy))
    .map((limit) => defaultLimit(hop, limit, server, results, read));
  return [...set, ...defaults];
};

/** By the name that its directive has on this route: `uwsgi_read_timeout`. */
export const defaultLimit = (
  hop: string,
  limit: DocumentedLimit,
  server: Server,
  results: readonly KeptResult[],
  read: readonly RouteLimit[] = [],
): TimeLimit => {
  const local = read.find(({ known }) => known === limit.setBy);
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
