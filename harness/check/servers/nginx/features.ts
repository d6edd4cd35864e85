// What a route's own lines say that it is for.
import { features } from "../../configuration.ts";
import type { Feature, Route } from "../../configuration.ts";
import { ancestors, isOn, lineOf, spotOf, valueOf } from "./context.ts";
import type { Parsed } from "./context.ts";
import { prefixOf } from "./dialects.ts";
import { childrenOf } from "./tree.ts";

/** What the server does with a response that its client is slow to take. */
const forSlowClients = ["send_timeout", "proxy_max_temp_file_size", "proxy_temp_path"];

/** Upgrades if it sets the Upgrade header field; uploads if it does not buffer requests; brotli if that is on; slow clients if it says how long
 *  they are waited for, or where their bytes are kept meanwhile; a limited rate if it has one at all. */
export const featuresOf = (configuration: Parsed, route: Route): ReadonlySet<Feature> => {
  const spot = spotOf(configuration, route);
  if (!spot) return new Set();
  const meant: Record<Feature, boolean> = {
    // Intended, even if an inner line of the same name hides it.
    upgrade:
      prefixOf(spot) === "proxy" &&
      ancestors(spot.block)
        .flatMap((level) => childrenOf(level))
        .some(({ name, args }) => name === "proxy_set_header" && args[0]?.toLowerCase() === "upgrade"),
    upload: valueOf(spot, "proxy_request_buffering") === "off",
    brotli: isOn(spot, "brotli"),
    "limited-rate": (valueOf(spot, "limit_rate") ?? "0") !== "0",
    "slow-clients": forSlowClients.some((name) => lineOf(spot, name) !== null),
  };
  return new Set(features.filter((feature) => meant[feature]));
};
