// The control of a client that speaks TLS, HTTP/2 or HTTP/3: the same client program, served by the lab's own server. For HTTP/3,
// that server speaks HTTP/1, and the pipe translates.
//
//   its server ── 64 bytes every 10 ms ──► straight pipe ──► client
import { createServer as createPlainServer } from "node:http";
import { createSecureServer, createServer } from "node:http2";
import type { IncomingMessage, ServerResponse } from "node:http";
import type { Socket } from "node:net";
import { protocolWords } from "../model/script.ts";
import type { FurtherProtocol } from "../model/script.ts";
import { selfSigned } from "./certificate.ts";
import type { ClientConnection } from "./client-connection.ts";
import { alpnOf, connectEncrypted, connectHttp2 } from "./client-encrypted.ts";
import { connectHttp3 } from "./client-http3.ts";
import { now } from "./clock.ts";
import type { Transits } from "./control-transits.ts";
import { responseParser } from "../decode/http1.ts";
import type { Address } from "./protocol.ts";
import { usualHost } from "../model/usual-host.ts";

const host = `control.${usualHost}`;
const path = "/control";
/** The longest wait for its first message. */
const startMs = 5000;

export type Beginning = "tls" | "http2" | "http1";

export interface EncryptedServer {
  /** Serves a connection whose first bytes were unshifted. */
  accept: (socket: Socket, beginning: Beginning) => void;
  /** The control that the next response belongs to. */
  feeds: Map<FurtherProtocol, (write: (message: Buffer) => void) => void>;
}

export const openEncryptedServer = (): EncryptedServer => {
  const feeds: EncryptedServer["feeds"] = new Map();
  const answer = (request: Pick<IncomingMessage, "url">, response: ServerResponse, by: FurtherProtocol): void => {
    const feed = request.url === path ? feeds.get(by) : undefined;
    response.on("error", () => {});
    if (!feed) {
      response.writeHead(404);
      response.end();
      return;
    }
    response.writeHead(200, { "content-type": "application/octet-stream" });
    feed((message) => {
      if (!response.writableEnded && !response.destroyed) response.write(message);
    });
  };
  const secure = createSecureServer({ ...selfSigned(host), allowHTTP1: true }, (request, response) =>
    answer(request, response as unknown as ServerResponse, request.httpVersionMajor === 2 ? "h2" : "h1-tls"),
  );
  const clear = createServer((request, response) => answer(request, response as unknown as ServerResponse, "h2c"));
  const plain = createPlainServer((request, response) => answer(request, response, "h3"));
  for (const server of [secure, clear]) server.on("sessionError", () => {});
  secure.on("tlsClientError", () => {});
  const servers = { tls: secure, http2: clear, http1: plain };
  return {
    accept: (socket, beginning) => {
      servers[beginning].emit("connection", socket);
      // The others read on by themselves.
      if (beginning === "http1") socket.resume();
    },
    feeds,
  };
};

interface Asked {
  /** Of the pipe. */
  target: Address;
  protocol: FurtherProtocol;
  /** Where the program that speaks HTTP/3 takes orders. */
  http3: () => Address;
}

const connectTo = ({ target, protocol, http3 }: Asked): ClientConnection => {
  if (protocol === "h2c") return connectHttp2(target, null);
  if (protocol === "h3") return connectHttp3(target, { program: http3(), serverName: host });
  return connectEncrypted(target, { serverName: host, alpn: alpnOf[protocol] });
};

/** Returns how to close it. */
export const startEncrypted = (asked: Asked, server: EncryptedServer, transits: Transits): (() => void) => {
  const { target, protocol } = asked;
  const connection = connectTo(asked);
  const parser = responseParser({ method: "GET" });
  server.feeds.set(protocol, (write) => transits.start(write));
  const fail = (what: string): void => transits.fail(`The control over ${protocolWords[protocol]} ${what}`);
  connection.on("connect", () => connection.send({ method: "GET", target: path, version: "1.1", headers: [["Host", host]] }));
  const timer = setTimeout(
    () => fail(`received no answer through the pipe at ${target.host}:${target.port} within ${startMs} ms`),
    startMs,
  );
  connection.on("data", (bytes) => {
    clearTimeout(timer);
    const at = now();
    for (const event of parser.push(bytes)) {
      if (event.kind === "content") transits.arrive(at, event.bytes);
      if (event.kind === "problem") fail(`received invalid HTTP: ${event.problem}`);
    }
  });
  connection.on("end", () => fail("was ended by its server"));
  connection.on("error", (error) => fail(`cannot reach its server through the pipe at ${target.host}:${target.port}: ${error.message}`));
  connection.on("close", () => fail("was closed"));
  return () => {
    clearTimeout(timer);
    server.feeds.delete(protocol);
    transits.fail("The control was stopped");
    connection.destroy();
  };
};
