// What a client speaks over: plain TCP, TLS, or HTTP/2 in TLS. To its user all three are bytes of HTTP/1.1: what HTTP/2 delivers is
// told in chunked coding, a read each, so that one parser and one judge serve all.
import { EventEmitter } from "node:events";
import { connect as connectHttp2, constants } from "node:http2";
import type { ClientHttp2Session, ClientHttp2Stream } from "node:http2";
import { connect, type NetConnectOpts, type Socket, type TcpNetConnectOpts } from "node:net";
import { connect as connectTls, type TLSSocket } from "node:tls";
import type { Alpn, HeaderList } from "../model/script.ts";
import type { Address } from "./protocol.ts";

export interface RequestToSend {
  method: string;
  target: string;
  version: string;
  headers: HeaderList;
}

interface Events {
  connect: [];
  data: [bytes: Buffer];
  /** The other side has ended. */
  end: [];
  error: [error: Error];
  close: [];
}

/** The part of a socket that a client needs. */
export interface ClientConnection extends Pick<EventEmitter<Events>, "on"> {
  readonly connecting: boolean;
  send: (request: RequestToSend) => void;
  /** The next piece of the request's content, or null for its end. */
  sendContent: (bytes: Buffer | null) => void;
  /** Says that nothing more will come, and goes. */
  leave: () => void;
  destroy: () => void;
  /** Goes without a word: RST. */
  resetAndDestroy: () => void;
}

/** A chunk, or the last one. */
export const chunkOf = (bytes: Buffer | null): Buffer =>
  bytes === null ? Buffer.from("0\r\n\r\n") : Buffer.concat([Buffer.from(`${bytes.length.toString(16)}\r\n`), bytes, Buffer.from("\r\n")]);

/** The request's bytes in HTTP/1. */
export const bytesOf = ({ method, target, version, headers }: RequestToSend): Buffer => {
  const fields = headers.map(([name, value]) => `${name}: ${value}\r\n`);
  return Buffer.from(`${method} ${target} HTTP/${version}\r\n${fields.join("")}\r\n`, "latin1");
};

export const connectPlain = (target: Address, more: Partial<NetConnectOpts> = {}): ClientConnection => {
  const socket = connect({ host: target.host, port: target.port, noDelay: true, allowHalfOpen: true, ...more } as TcpNetConnectOpts);
  // Closing with bytes unread would send RST and no FIN: the FIN goes first, then the connection is closed.
  const leave = (): void => void socket.end(() => socket.destroy());
  const send = (request: RequestToSend): void => void socket.write(bytesOf(request));
  const sendContent = (bytes: Buffer | null): void => void socket.write(chunkOf(bytes));
  return Object.assign(socket, { send, sendContent, leave }) as unknown as Socket & ClientConnection;
};

/** A certificate that was made for a trial proves nothing, and is not asked to. Who would speak HTTP/2 speaks HTTP/1.1 to who would not. */
export const connectEncrypted = (target: Address, { serverName, alpn }: { serverName: string; alpn: Alpn }): ClientConnection => {
  const events = new EventEmitter<Events>();
  const raw = connect({ host: target.host, port: target.port, noDelay: true });
  const secure = connectTls({
    socket: raw,
    servername: serverName,
    ALPNProtocols: alpn === "h2" ? ["h2", "http/1.1"] : [alpn],
    rejectUnauthorized: false,
  });
  let http2: Http2Exchange | null = null;
  secure.once("secureConnect", () => {
    if (secure.alpnProtocol === "h2") http2 = createHttp2(secure, events);
    else {
      secure.on("data", (bytes: Buffer) => events.emit("data", bytes));
      secure.once("end", () => events.emit("end"));
    }
    events.emit("connect");
  });
  const fail = (error: Error): void => void events.emit("error", error);
  raw.on("error", fail);
  secure.on("error", fail);
  raw.once("close", () => events.emit("close"));
  const connection = {
    send: (request: RequestToSend) => (http2 ? http2.send(request) : void secure.write(bytesOf(request))),
    sendContent: (bytes: Buffer | null) => (http2 ? http2.sendContent(bytes) : void secure.write(chunkOf(bytes))),
    leave: () => (http2 ? http2.leave() : void secure.end(() => raw.destroy())),
    destroy: () => raw.destroy(),
    resetAndDestroy: () => raw.resetAndDestroy(),
  };
  return Object.defineProperty(Object.assign(events, connection, { connecting: true }), "connecting", { get: () => raw.connecting });
};

interface Http2Exchange {
  send: (request: RequestToSend) => void;
  sendContent: (bytes: Buffer | null) => void;
  leave: () => void;
}

/** Of a connection's own, which HTTP/2 does not have (RFC 9113 §8.2.2). */
const ofConnection = new Set(["connection", "host", "keep-alive", "transfer-encoding", "upgrade"]);

const createHttp2 = (secure: TLSSocket, events: EventEmitter<Events>): Http2Exchange => {
  const session: ClientHttp2Session = connectHttp2("https://hopwise.test", { createConnection: () => secure });
  let stream: ClientHttp2Stream | null = null;
  session.on("error", (error: Error) => events.emit("error", error));
  return {
    send: ({ method, target, headers }) => {
      const host = headers.find(([name]) => name.toLowerCase() === "host")?.[1] ?? "";
      const fields = headers.filter(([name]) => !ofConnection.has(name.toLowerCase())).map(([name, value]) => [name.toLowerCase(), value]);
      stream = session.request({
        ":method": method,
        ":path": target,
        ":authority": host,
        ":scheme": "https",
        ...Object.fromEntries(fields),
      });
      tell(stream, method, events);
    },
    sendContent: (bytes) => void (bytes === null ? stream?.end() : stream?.write(bytes)),
    leave: () => {
      stream?.close(constants.NGHTTP2_CANCEL);
      session.close(() => secure.destroy());
      // A peer that never answers the GOAWAY keeps nobody.
      setTimeout(() => secure.destroy(), 100).unref();
    },
  };
};

/** One response of HTTP/2 in the words of HTTP/1.1. */
const tell = (stream: ClientHttp2Stream, method: string, events: EventEmitter<Events>): void => {
  let hasBody = true;
  let isWhole = false;
  const say = (text: string): boolean => events.emit("data", Buffer.from(text, "latin1"));
  const head = (headers: Record<string, string | string[] | number | undefined>, more: string): void => {
    const fields = Object.entries(headers).flatMap(([name, value]) =>
      name.startsWith(":") || name === "content-length" || value === undefined ? [] : [value].flat().map((one) => `${name}: ${one}\r\n`),
    );
    say(`HTTP/1.1 ${String(headers[":status"])} \r\n${fields.join("")}${more}\r\n`);
  };
  stream.on("headers", (headers) => head(headers, ""));
  stream.on("response", (headers) => {
    const status = Number(headers[":status"]);
    hasBody = method !== "HEAD" && status !== 204 && status !== 304;
    head(headers, hasBody ? "transfer-encoding: chunked\r\n" : "");
  });
  stream.on("data", (bytes: Buffer) => events.emit("data", chunkOf(bytes)));
  stream.once("end", () => {
    // END_STREAM and RST_STREAM both end the reading: only the code tells them apart.
    if (stream.rstCode !== constants.NGHTTP2_NO_ERROR || stream.aborted) return;
    isWhole = true;
    if (hasBody) say("0\r\n\r\n");
  });
  stream.once("error", (error) => events.emit("error", error));
  stream.once("close", () => {
    if (!isWhole && stream.rstCode !== constants.NGHTTP2_CANCEL) events.emit("error", new Error(`RST_STREAM, code ${stream.rstCode}`));
  });
};
