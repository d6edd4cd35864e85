// What a route's own lines say that it is for.
import type { Means, Route } from "../configuration.ts";
import { ancestors, isOn, spotOf, valueOf } from "./scene.ts";
import type { Parsed } from "./scene.ts";
import { childrenOf } from "./tree.ts";

/** Upgrades where it asks for them itself; uploads piece by piece where it does not want them whole; codes with brotli where it is on. */
export const meansOf = (configuration: Parsed, route: Route): Means => {
  const spot = spotOf(configuration, route);
  if (!spot) return { upgrade: false, upload: false, brotli: false };
  return {
    // Meant, even if a line of the same name nearer by takes it away.
    upgrade: ancestors(spot.block)
      .flatMap((level) => childrenOf(level))
      .some(({ name, args }) => name === "proxy_set_header" && args[0]?.toLowerCase() === "upgrade"),
    upload: valueOf(spot, "proxy_request_buffering") === "off",
    brotli: isOn(spot, "brotli"),
  };
};
