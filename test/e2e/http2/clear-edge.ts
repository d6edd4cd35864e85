// The same without TLS: HTTP/2 with prior knowledge (RFC 9113 §3.3).
import type { IncomingMessage, ServerResponse } from "node:http";
import { createServer } from "node:http2";
import { defineServer } from "../../../harness/define.ts";
import { forward } from "./edge.ts";

export default defineServer({
  kind: "node",
  title: "HTTP/2 in front, without TLS",
  link: "https://nodejs.org/api/http2.html#compatibility-api",
  clients: ["h2c"],
  server: ({ upstream }) =>
    createServer((request, response) =>
      forward(upstream, true, request as unknown as IncomingMessage, response as unknown as ServerResponse),
    ),
  variants: { default: { title: "drops its upstream when its client has left" } },
});
