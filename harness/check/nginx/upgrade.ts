import type { Route } from "../configuration.ts";
import { placeOf } from "./scene.ts";
import type { NginxConfiguration } from "./scene.ts";
import { lookupAll } from "./tree.ts";

/** Whether a route sets the header field that asks for an upgrade: then it is meant to pass one on. */
export const meansToUpgrade = (configuration: NginxConfiguration, route: Route): boolean => {
  const place = placeOf(configuration, route);
  return place !== null && lookupAll(place.block, "proxy_set_header").some(({ args }) => args[0]?.toLowerCase() === "upgrade");
};
