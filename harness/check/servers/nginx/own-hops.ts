// The blocks that a response passes on its way through one configuration, which may forward to itself. Pure.
import type { Upstream } from "../../configuration.ts";
import { passOf, proxyingBlocks } from "./forwarding.ts";
import { innerSockets, ownBlocks } from "./inner.ts";
import { sourcesOf } from "./possible-values.ts";
import { serversOf } from "./servers.ts";
import type { Server } from "./servers.ts";
import { childrenOf } from "./tree.ts";
import type { Directive, Tree } from "./tree.ts";
import { setsOf, targetsOf, upstreamBlocks } from "./upstreams.ts";

interface Own {
  servers: Server[];
  sockets: ReadonlySet<string>;
  targetsOf: (hop: Directive, pass: Directive) => Upstream[];
}

const known = new WeakMap<Tree, Own>();

const ownOf = (tree: Tree): Own => {
  const found = known.get(tree);
  if (found) return found;
  const servers = serversOf(tree.roots);
  const http = childrenOf(tree.roots).filter(({ name }) => name === "http");
  const shared = http.map((block) => ({ blocks: upstreamBlocks(block), sources: sourcesOf(block) }));
  const own: Own = {
    servers,
    sockets: innerSockets(servers),
    targetsOf: (hop, pass) => shared.flatMap(({ blocks, sources }) => targetsOf(pass, blocks, sources, setsOf(serverOf(hop))).upstreams),
  };
  known.set(tree, own);
  return own;
};

/** The block itself first. Of a server that it forwards to, all blocks that forward in turn: which one a request reaches is not followed. */
export const ownHops = (tree: Tree, block: Directive): Directive[] => {
  const own = ownOf(tree);
  const hops = new Set([block]);
  for (const hop of hops) {
    const pass = passOf(hop);
    if (!pass) continue;
    const inner = own.targetsOf(hop, pass).flatMap((upstream) => ownBlocks(upstream, own.servers, own.sockets) ?? []);
    for (const next of inner.flatMap(proxyingBlocks)) hops.add(next);
  }
  return [...hops];
};

const serverOf = (block: Directive): Directive => (block.name === "server" || !block.parent ? block : serverOf(block.parent));
