// The timeouts that are in effect for a route, set or not; of a configuration that forwards to itself, those of each pass. Pure.
import type { LimitKind } from "../../../define/limit.ts";
import type { Route, RouteLimit } from "../../configuration.ts";
import { lineOf, millisecondsOf, spotOf } from "./context.ts";
import type { Parsed, Spot } from "./context.ts";
import { localName } from "./dialects.ts";
import { wordsOf } from "./lines.ts";
import { ownHops } from "./own-hops.ts";
import { pageOf } from "./pages.ts";

/** https://nginx.org/en/docs/http/ngx_http_proxy_module.html: between two reads or writes each, except the one of the connection. */
const kinds: [directive: string, kind: LimitKind][] = [
  ["proxy_read_timeout", "idle-timeout"],
  ["send_timeout", "write-timeout"],
  ["proxy_send_timeout", "upload-timeout"],
  ["proxy_connect_timeout", "connect-timeout"],
];

export const limitsOf = (parsed: Parsed, route: Route): RouteLimit[] => {
  const spot = spotOf(parsed, route);
  if (!spot) return [];
  return ownHops(parsed.tree, spot.block).flatMap((block) => limitsIn({ ...spot, block }));
};

const limitsIn = (spot: Spot): RouteLimit[] =>
  kinds.flatMap(([known, kind]): RouteLimit[] => {
    const directive = localName(spot, known);
    if (directive === null) return [];
    const line = lineOf(spot, known);
    const set = line && { ms: millisecondsOf(line.args[0] ?? ""), directive: wordsOf(spot, line), place: line.place };
    return [{ kind, known, directive, set, link: pageOf(directive) }];
  });

/** A reload ends streams after `worker_shutdown_timeout`. https://nginx.org/en/docs/ngx_core_module.html#worker_shutdown_timeout */
export const shutdownTimeoutOf = (parsed: Parsed, route: Route): number | null => {
  const spot = spotOf(parsed, route);
  const line = spot && lineOf(spot, "worker_shutdown_timeout");
  // Zero stands for none: ngx_set_shutdown_timer.
  return (line && millisecondsOf(line.args[0] ?? "")) || null;
};
