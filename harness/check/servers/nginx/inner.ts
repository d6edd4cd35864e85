// A configuration may forward to itself: `proxy_pass http://127.0.0.1:8080` where another of its servers listens there.
import type { Upstream } from "../../configuration.ts";
import type { Server } from "./servers.ts";
import type { Directive } from "./tree.ts";
import { keyOf } from "./upstreams.ts";
import type { Targets } from "./upstreams.ts";

const isLoopback = (host: string): boolean => /^(?:localhost|127(?:\.\d+){3}|\[::1\])$/i.test(host);

/** Where a request from within comes to itself: `address:port`, `*` for the loopback ones. */
export const innerSockets = (servers: readonly Server[]): Set<string> =>
  new Set(
    servers.flatMap(({ listens, otherListens }) => [
      ...listens.map(({ address, port }) => `${isLoopback(address) ? "*" : address}:${port}`),
      ...otherListens.map(({ args: [given = ""] }) => given),
    ]),
  );

/** The blocks of its own servers that listen there; null: it leads elsewhere. */
export const ownBlocks = ({ host, port, socket }: Upstream, servers: readonly Server[], own: ReadonlySet<string>): Directive[] | null => {
  if (!own.has(socket === undefined ? `${isLoopback(host) ? "*" : host}:${port}` : host)) return null;
  return servers
    .filter(({ listens, otherListens }) =>
      socket === undefined ? listens.some((listen) => listen.port === port) : otherListens.some(({ args }) => args[0] === host),
    )
    .map(({ block }) => block);
};

/** Replaces its own servers with what they forward to; leaves it out where that is a circle. */
export const resolveInner = (
  upstreams: readonly Upstream[],
  servers: readonly Server[],
  own: ReadonlySet<string>,
  passTargets: ReadonlyMap<Directive, Targets>,
): Upstream[] => {
  const resolved = new Map<string, Upstream>();
  const seen = new Set<string>();
  const resolve = (upstream: Upstream): void => {
    const key = keyOf(upstream);
    if (seen.has(key)) return;
    seen.add(key);
    const inside = ownBlocks(upstream, servers, own);
    if (inside === null) {
      resolved.set(key, upstream);
      return;
    }
    for (const [pass, { upstreams: further }] of passTargets)
      if (inside.some((block) => isBelow(pass, block))) for (const next of further) resolve(next);
  };
  for (const upstream of upstreams) resolve(upstream);
  return [...resolved.values()];
};

const isBelow = ({ parent }: Directive, block: Directive): boolean => parent !== null && (parent === block || isBelow(parent, block));
