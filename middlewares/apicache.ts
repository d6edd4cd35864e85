import type { ServerResponse } from "node:http";
import { defineMiddleware } from "../harness/define.ts";

export default defineMiddleware({
  title: "apicache, a cache of responses for Express",
  link: "https://github.com/kwhitley/apicache",
  package: "apicache",
  variants: {
    default: { title: "one minute, regardless of the response", options: { asks: false } },
    toggle: { title: "one minute, unless the response has no-store", options: { asks: true } },
  },
  create: async ({ asks }) => {
    const { default: apicache } = await import("apicache");
    const allows = (_request: unknown, response: ServerResponse): boolean =>
      !String(response.getHeader("Cache-Control")).includes("no-store");
    return apicache.newInstance({}).middleware("1 minute", asks ? allows : undefined);
  },
});
