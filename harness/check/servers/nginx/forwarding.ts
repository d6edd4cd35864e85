// The blocks that forward requests, and what is said of those that none comes to.
import { isPass } from "./upstreams.ts";
import { isInternal } from "./locations.ts";
import { childrenOf } from "./tree.ts";
import type { Directive } from "./tree.ts";

export const passOf = (block: Directive): Directive | undefined => childrenOf(block).find(({ name }) => isPass(name));

export const proxyingBlocks = (block: Directive): Directive[] =>
  childrenOf(block).flatMap((child) => (child.block ? [...(passOf(child) ? [child] : []), ...proxyingBlocks(child)] : []));

export const whyUnreached = (block: Directive, failed: ReadonlyMap<Directive, string>): string => {
  const location = locationAround(block);
  const why = location && failed.get(location);
  if (why) return why;
  if (block.name !== "location") return "no plain GET request comes there";
  if (location?.args[0]?.startsWith("@")) return "no plain GET request is led there";
  if (location && isInternal(location))
    return "it is internal, and no request was found that leads there; a response of the application may (X-Accel-Redirect)";
  return "no path was found that it serves; give one with --path";
};

const locationAround = (block: Directive): Directive | null =>
  block.name === "location" ? block : block.parent && locationAround(block.parent);

/** As it stands there. */
export const titleOf = (block: Directive): string => {
  const title = [block.name, ...block.args].join(" ");
  return block.name === "location" || !block.parent ? title : `${title} in ${titleOf(block.parent)}`;
};
