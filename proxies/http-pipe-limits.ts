import { createServer } from "node:http";
import { defineServer } from "../harness/define.ts";
import { forward } from "./_forward.ts";

export default defineServer({
  kind: "node",
  title: "A straight HTTP pipe with the timeouts of node:http",
  link: "https://nodejs.org/api/http.html#servertimeout",
  clients: ["h1"],
  server: ({ upstream, options }) => {
    const server = createServer({ connectionsCheckingInterval: 100 }, forward(upstream));
    return Object.assign(server, options);
  },
  variants: {
    default: { title: "default: no timeout except for reading the request" },
    "request-timeout": {
      title: "requestTimeout, headersTimeout and keepAliveTimeout of one second",
      options: { requestTimeout: 1000, headersTimeout: 1000, keepAliveTimeout: 1000 },
      limitMs: 1000,
    },
    timeout: { title: "server.timeout of one second", options: { timeout: 1000 }, limitMs: 1000 },
  },
});
