// A server with TLS to its client, which may ask by HTTP/2, and HTTP/1.1 to its upstream.
import { Agent, request as ask, type IncomingMessage, type ServerResponse } from "node:http";
import { createSecureServer } from "node:http2";
import { defineServer } from "../../../harness/define.ts";
import { pem } from "../../unit/lab/_certificate.ts";

const ofConnection = new Set(["connection", "host", "keep-alive", "transfer-encoding"]);
const endToEnd = (headers: IncomingMessage["headers"]): IncomingMessage["headers"] =>
  Object.fromEntries(Object.entries(headers).filter(([name]) => !name.startsWith(":") && !ofConnection.has(name)));

export const forward = (upstream: URL, dropsUpstream: boolean, request: IncomingMessage, response: ServerResponse): void => {
  const agent = new Agent({ keepAlive: false });
  const { hostname: host, port } = upstream;
  const asked = ask({ agent, host, port, method: request.method, path: request.url, headers: endToEnd(request.headers) }, (answer) => {
    response.writeHead(answer.statusCode ?? 502, endToEnd(answer.headers));
    if (response.flushHeaders) response.flushHeaders();
    answer.on("data", (bytes: Buffer) => void (response.destroyed || response.write(bytes) || answer.pause()));
    answer.on("end", () => response.end());
    response.on("drain", () => answer.resume());
    response.on("close", () => (dropsUpstream ? asked.destroy() : answer.resume()));
  });
  asked.on("error", () => response.destroy());
  asked.end();
};

export default defineServer({
  kind: "node",
  title: "TLS and HTTP/2 in front",
  link: "https://nodejs.org/api/http2.html#compatibility-api",
  clients: ["h1-tls", "h2"],
  server: ({ upstream, options }) =>
    // Node sets TCP_NODELAY for HTTP/2 alone here: over HTTP/1.1 Nagle's algorithm holds record 0 until the header section's delayed ACK, 40 ms.
    createSecureServer({ key: pem, cert: pem, allowHTTP1: true, noDelay: true }, (request, response) =>
      forward(upstream, options["keeps"] !== true, request as unknown as IncomingMessage, response as unknown as ServerResponse),
    ),
  variants: {
    default: { title: "drops its upstream when its client has left" },
    "keeps-upstream": { title: "reads on when its client has left", options: { keeps: true } },
  },
});
