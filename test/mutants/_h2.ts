// A hop that speaks TLS with HTTP/2 to its client and HTTP/1.1 to its upstream; a client without HTTP/2 gets HTTP/1.1.
import { Agent, request as ask } from "node:http";
import type { ClientRequest, IncomingMessage } from "node:http";
import { constants, createSecureServer } from "node:http2";
import type { IncomingHttpHeaders, ServerHttp2Stream } from "node:http2";
import type { Server } from "node:net";
import { defineServer } from "../../harness/define.ts";
import type { ServerDefinition } from "../../harness/define.ts";
import { forward } from "../../proxies/_forward.ts";
import { pem } from "../unit/lab/_certificate.ts";

/** RFC 9113 §8.2.2 */
const ofConnection = new Set(["connection", "keep-alive", "proxy-connection", "transfer-encoding", "upgrade", "host"]);

const endToEnd = (headers: IncomingHttpHeaders): [string, string | string[]][] =>
  Object.entries(headers).flatMap(([name, value]): [string, string | string[]][] =>
    name.startsWith(":") || ofConnection.has(name) || value === undefined ? [] : [[name, value]],
  );

const answerWith = (stream: ServerHttp2Stream, method: string | undefined, answer: IncomingMessage): void => {
  const { statusCode = 502 } = answer;
  const endStream = method === "HEAD" || statusCode === 204 || statusCode === 304;
  stream.respond({ ":status": statusCode, ...Object.fromEntries(endToEnd(answer.headers)) }, { endStream });
  if (endStream) return void answer.resume();
  answer.on("data", (piece: Buffer) => void (stream.destroyed || stream.write(piece) || answer.pause()));
  const resume = (): void => void answer.resume();
  stream.on("drain", resume).on("close", resume);
  answer.on("end", () => stream.end());
  answer.on("close", () => void (answer.complete || stream.close(constants.NGHTTP2_INTERNAL_ERROR)));
};

/** What it does with its upstream request when the client cancels the stream and keeps the connection. */
type Canceled = (asked: ClientRequest) => void;

const createHop = (upstream: URL, canceled: Canceled): Server => {
  const agent = new Agent({ keepAlive: true, timeout: 2000 });
  const plain = forward(upstream);
  const server = createSecureServer({ key: pem, cert: pem, allowHTTP1: true });
  server.on("request", (request, response) => {
    if (request.httpVersion !== "2.0") plain(request as unknown as IncomingMessage, response as never);
  });
  server.on("stream", (stream, headers) => {
    const { hostname: host, port } = upstream;
    const { ":method": method, ":path": path, ":authority": authority = upstream.host } = headers;
    const fields = { ...Object.fromEntries(endToEnd(headers)), host: authority };
    const asked = ask({ agent, host, port, method, path, headers: fields });
    const close = (): void => stream.close(constants.NGHTTP2_INTERNAL_ERROR);
    asked.on("response", (answer) => (stream.destroyed ? answer.resume() : answerWith(stream, method, answer))).on("error", close);
    stream.on("error", () => {});
    const { session } = stream;
    const left = (): void => void asked.destroy();
    session?.once("close", left);
    stream.on("close", () => {
      if (stream.rstCode === constants.NGHTTP2_CANCEL && session && !session.closed && !session.destroyed) canceled(asked);
      else if (stream.rstCode === constants.NGHTTP2_NO_ERROR) session?.off("close", left);
      else left();
    });
    stream.pipe(asked);
  });
  return server;
};

/** An ordinary hop, except for canceled streams. */
export const http2Hop = (title: string, link: string, canceled: Canceled): ServerDefinition =>
  defineServer({
    kind: "node",
    title,
    link,
    clients: ["h1-tls", "h2"],
    server: ({ upstream }) => createHop(upstream, canceled),
    variants: { default: { title } },
  });
