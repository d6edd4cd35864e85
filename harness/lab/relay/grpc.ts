// HTTP/2 without TLS (prior knowledge), as gRPC servers speak it: each stream is a request by HTTP/1.1.
import { createServer } from "node:http2";
import type { IncomingHttpHeaders, ServerHttp2Stream } from "node:http2";
import type { Socket } from "node:net";
import type { Duplex } from "node:stream";
import { responseParser } from "../../decode/http1.ts";
import type { ResponseHead } from "../../decode/http1.ts";
import type { Address } from "../protocol.ts";
import { toTap } from "./passing.ts";
import { usualHost } from "../../model/usual-host.ts";

const ofConnection = new Set(["connection", "host", "keep-alive", "te", "transfer-encoding", "upgrade"]);

export const serveGrpc = (from: Duplex, _: Socket, target: Address): void => {
  const server = createServer();
  server.on("stream", (stream, headers) => serve(stream, headers, target));
  server.on("sessionError", () => {});
  server.emit("connection", from);
};

const requestOf = (headers: IncomingHttpHeaders): Buffer => {
  const fields = Object.entries(headers).flatMap(([name, value]) =>
    name.startsWith(":") || ofConnection.has(name) || value === undefined ? [] : [value].flat().map((one) => `${name}: ${one}`),
  );
  const host = headers[":authority"] ?? headers.host ?? usualHost;
  return Buffer.from(
    `${[`${headers[":method"]} ${headers[":path"]} HTTP/1.1`, `Host: ${host}`, ...fields].join("\r\n")}\r\n\r\n`,
    "latin1",
  );
};

const serve = (stream: ServerHttp2Stream, headers: IncomingHttpHeaders, target: Address): void => {
  const to = toTap(target);
  const parser = responseParser({ method: String(headers[":method"]) });
  let isOver = false;
  to.write(requestOf(headers));
  stream.on("data", (bytes: Buffer) => void (to.destroyed || headers["content-length"] === undefined || to.write(bytes)));
  stream.on("error", () => {});
  stream.on("close", () => void (to.destroyed || to.end()));
  to.on("data", (bytes: Buffer) => {
    for (const event of parser.push(bytes)) {
      if (stream.closed || stream.destroyed) return;
      if (event.kind === "head") stream.respond(headOf(event.head as ResponseHead));
      if (event.kind === "content" && !stream.write(event.bytes)) to.pause();
      if (event.kind !== "end") continue;
      isOver = true;
      stream.end();
      to.end();
    }
  });
  stream.on("drain", () => to.resume());
  const cut = (): void => {
    // `close` would send END_STREAM first, which makes the response whole.
    if (!isOver && !stream.closed) stream.destroy(new Error("the response was cut"));
    isOver = true;
  };
  to.on("end", () => {
    cut();
    to.end();
  });
  to.on("error", cut);
};

const headOf = ({ status, headers }: ResponseHead): Record<string, string | number> => ({
  ":status": status,
  ...Object.fromEntries(
    headers.filter(({ name }) => !ofConnection.has(name.toLowerCase())).map(({ name, value }) => [name.toLowerCase(), value]),
  ),
});
