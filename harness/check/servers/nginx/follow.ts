// Every block that forwards, with where it forwards to and the request that reaches it; and what could not be followed.
import type { NotChecked, Upstream } from "../../configuration.ts";
import { answersTo } from "./choice.ts";
import type { Choice } from "./choice.ts";
import type { Chooser } from "./chooser.ts";
import type { Effort } from "./effort.ts";
import { passOf, proxyingBlocks, titleOf, whyUnreached } from "./forwarding.ts";
import type { Finder } from "./locations.ts";
import { filledIn } from "./named-upstreams.ts";
import { sourcesOf, valuesOf } from "./possible-values.ts";
import type { Sources } from "./possible-values.ts";
import { reach } from "./reach.ts";
import type { Asked, Reached, ReachResult } from "./reach.ts";
import type { Server } from "./servers.ts";
import { subrequestsOf } from "./subrequests.ts";
import type { Subrequest } from "./subrequests.ts";
import type { Directive } from "./tree.ts";
import { keyOf, setsOf, targetsOf, upstreamBlocks } from "./upstreams.ts";
import type { Targets } from "./upstreams.ts";

export interface Found {
  server: Server;
  block: Directive;
  by: Reached;
  targets: Targets;
}

export interface Followed {
  found: Found[];
  /** Why the path that was asked for cannot be followed. */
  lost: string[];
  /** What takes it in place of a location that forwards. */
  taken: string[];
  upstreams: Map<string, Upstream>;
  notChecked: NotChecked[];
  subrequests: Subrequest[];
  /** By the directive that forwards. */
  passTargets: Map<Directive, Targets>;
}

export interface Following {
  chooser: Chooser;
  effort: Effort;
  choice: Choice;
  /** What each request carries; `host` is decided server by server. */
  asked: Omit<Asked, "host">;
  /** Rules that the check goes without. */
  without: ReadonlySet<Directive>;
}

export const followAll = (finders: ReadonlyMap<Server, Finder>, following: Following): Followed => {
  const followed: Followed = {
    found: [],
    lost: [],
    taken: [],
    upstreams: new Map(),
    notChecked: [],
    subrequests: [],
    passTargets: new Map(),
  };
  const ofHttp = perHttp();
  for (const [server, finder] of finders) follow(server, finder, ofHttp(server.block.parent ?? server.block), following, followed);
  return followed;
};

/** In place: adds to `followed`. */
const follow = (server: Server, finder: Finder, shared: SharedByServers, following: Following, followed: Followed): void => {
  const { chooser, effort, choice, asked, without } = following;
  const sets = setsOf(server.block);
  const isAsked = choice.host === undefined || answersTo(server, choice.host);
  const host = choice.host !== undefined && isAsked ? choice.host : null;
  const surroundings = {
    server: server.block,
    finder,
    sources: shared.sources,
    effort,
    setsOfServer: sets,
    without,
    isInner: choice.isInner ?? false,
  };
  const seen = reach(server, chooser, surroundings, { ...asked, host });
  if (isAsked && seen.lost !== null) followed.lost.push(seen.lost);
  if (isAsked && seen.taken !== null) followed.taken.push(seen.taken);
  const helped = subrequestsOf(server.block, finder, (text) => valuesOf(text, shared.sources, sets));
  // Where the user asks for one path or host, nothing is said of blocks that no request reaches.
  const isNamed = asked.uri !== null || choice.host !== undefined;
  for (const block of proxyingBlocks(server.block)) {
    const pass = passOf(block);
    if (!pass) continue;
    const given = filledIn(pass, choice.upstreams ?? {});
    const target = seen.reached.get(block)?.outcome.target;
    const targets = targetsOf(pass, shared.blocks, shared.sources, sets, [...(typeof target === "string" ? [target] : []), ...given]);
    followed.passTargets.set(pass, targets);
    addBlock(server, block, targets, seen, { isAsked, isSilent: isNamed || helped.locations.has(block) }, followed);
  }
  followed.subrequests.push(...helped.requestsFor(followed.passTargets));
};

/** In place: adds to `followed`. `isSilent`: nothing is said of it where no request reaches it. */
const addBlock = (
  server: Server,
  block: Directive,
  targets: Targets,
  { reached, failed, deaf }: ReachResult,
  { isAsked, isSilent }: { isAsked: boolean; isSilent: boolean },
  { found, lost, notChecked, upstreams }: Followed,
): void => {
  const by = reached.get(block);
  notChecked.push(...targets.notChecked);
  for (const upstream of targets.upstreams) upstreams.set(keyOf(upstream), upstreams.get(keyOf(upstream)) ?? upstream);
  if (by && targets.upstreams.length > 0) found.push({ server, block, by, targets });
  else if (by && isAsked) lost.push(`${titleOf(block)} (line ${block.place.line}) is not checked, since ${notChecked.at(-1)?.why}`);
  if (!by && !isSilent && targets.upstreams.length > 0)
    notChecked.push({ what: titleOf(block), why: deaf ?? whyUnreached(block, failed), place: block.place });
};

interface SharedByServers {
  blocks: ReturnType<typeof upstreamBlocks>;
  sources: Sources;
}

/** Of each http block once: what all of its servers share. */
const perHttp = (): ((http: Directive) => SharedByServers) => {
  const known = new Map<Directive, SharedByServers>();
  return (http) => {
    const found = known.get(http) ?? { blocks: upstreamBlocks(http), sources: sourcesOf(http) };
    known.set(http, found);
    return found;
  };
};
