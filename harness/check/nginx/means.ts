// What a route's own lines say that it is for.
import type { Route } from "../configuration.ts";
import { ancestors, spotOf, valueOf } from "./scene.ts";
import type { Parsed } from "./scene.ts";
import { childrenOf } from "./tree.ts";

/** Upgrades where it asks for them itself; uploads piece by piece where it does not want them whole. */
export const meansOf = (configuration: Parsed, route: Route): { upgrade: boolean; upload: boolean } => {
  const spot = spotOf(configuration, route);
  if (!spot) return { upgrade: false, upload: false };
  return {
    // Meant, even if a line of the same name nearer by takes it away.
    upgrade: ancestors(spot.block)
      .flatMap((level) => childrenOf(level))
      .some(({ name, args }) => name === "proxy_set_header" && args[0]?.toLowerCase() === "upgrade"),
    upload: valueOf(spot, "proxy_request_buffering") === "off",
  };
};
