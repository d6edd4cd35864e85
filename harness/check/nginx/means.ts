// What a route's own lines say that it is for.
import type { Route } from "../configuration.ts";
import { linesOf, spotOf, valueOf } from "./scene.ts";
import type { Parsed } from "./scene.ts";

/** Upgrades where it asks for them itself; uploads piece by piece where it does not want them whole. */
export const meansOf = (configuration: Parsed, route: Route): { upgrade: boolean; upload: boolean } => {
  const spot = spotOf(configuration, route);
  if (!spot) return { upgrade: false, upload: false };
  return {
    upgrade: linesOf(spot, "proxy_set_header").some(({ args }) => args[0]?.toLowerCase() === "upgrade"),
    upload: valueOf(spot, "proxy_request_buffering") === "off",
  };
};
