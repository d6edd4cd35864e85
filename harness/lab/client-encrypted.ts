// TLS, and HTTP/2 if the other side selects it; or HTTP/2 without TLS.
import { EventEmitter } from "node:events";
import type { Duplex } from "node:stream";
import { connect, isIP, type Socket } from "node:net";
import { connect as connectTls, type TLSSocket } from "node:tls";
import { bytesOf, chunkOf } from "./client-connection.ts";
import type { ClientConnection, Events, RequestToSend, Sign } from "./client-connection.ts";
import { Http2Connection } from "./client-http2.ts";
import type { Http2Exchange } from "./client-http2.ts";
import { afterAll, Seam } from "./client-seam.ts";
import type { Address } from "./protocol.ts";
import { readSlowly } from "./slow-reading.ts";
import { Latch } from "./wait.ts";

/** What a client offers in TLS (RFC 7301). */
export type Alpn = "http/1.1" | "h2";

export const alpnOf = { "h1-tls": "http/1.1", h2: "h2" } as const satisfies Record<string, Alpn>;

interface EncryptedOptions {
  serverName: string;
  alpn: Alpn;
  /** Null: as fast as the bytes arrive. */
  readBytesPerSecond?: number | null;
  /** Whether a certificate that does not verify is an error. Those of trials are self-made. */
  isVerified?: boolean;
}

/** HTTP/1.1 is offered besides HTTP/2. */
export const connectEncrypted = (target: Address, options: EncryptedOptions): ClientConnection => {
  const raw = connect({ host: target.host, port: target.port, noDelay: true, allowHalfOpen: true });
  let endCame = false;
  const seam: Seam = new Seam(raw, {
    beforeEnd: (end) => {
      const endNow = (): void => {
        endCame = true;
        end();
      };
      whenAllIsRead(seam, secure, endNow);
    },
  });
  const secure: TLSSocket = connectTls({
    socket: seam,
    // RFC 6066 §3: an address is no server name.
    ...(isIP(options.serverName) === 0 ? { servername: options.serverName } : { host: options.serverName }),
    ALPNProtocols: options.alpn === "h2" ? ["h2", "http/1.1"] : [options.alpn],
    rejectUnauthorized: options.isVerified ?? false,
  });
  const line: Line = { raw, upper: secure, ready: new Latch(), slowly: options.readBytesPerSecond ?? null, http2: null };
  secure.once("secureConnect", () => {
    if (secure.alpnProtocol === "h2") line.http2 = new Http2Connection(secure, raw, line.slowly);
    line.ready.trip();
  });
  return exchangeOn(line, { isFirst: true, hasCloseNotify: () => !endCame });
};

/** HTTP/2 with prior knowledge (RFC 9113 §3.3). */
export const connectHttp2 = (target: Address, readBytesPerSecond: number | null): ClientConnection => {
  const raw = connect({ host: target.host, port: target.port, noDelay: true, allowHalfOpen: true });
  const line: Line = { raw, upper: raw, ready: new Latch(), slowly: readBytesPerSecond, http2: null };
  raw.once("connect", () => {
    line.http2 = new Http2Connection(raw, raw, line.slowly);
    line.ready.trip();
  });
  return exchangeOn(line, { isFirst: true, hasCloseNotify: () => true });
};

/** Node reports a close_notify and a bare FIN alike. An end that it reports before the FIN is passed on was a close_notify. */
const whenAllIsRead = (seam: Seam, secure: TLSSocket, then: () => void): void => {
  const look = (): void => {
    if (secure.readableEnded || secure.destroyed || (seam.readableLength === 0 && secure.readableLength === 0)) then();
    else secure.once("data", () => setImmediate(look));
  };
  setImmediate(look);
};

interface Line {
  raw: Socket;
  /** TLS on it; the same without TLS. */
  upper: Duplex;
  /** The handshake is over. */
  ready: Latch;
  slowly: number | null;
  /** Null before the handshake is over, and for HTTP/1.1. */
  http2: Http2Connection | null;
}

const exchangeOn = (line: Line, { isFirst, hasCloseNotify }: { isFirst: boolean; hasCloseNotify: () => boolean }): ClientConnection => {
  const { raw, upper } = line;
  const events = new EventEmitter<Events>();
  let http2: Http2Exchange | null = null;
  const fail = (error: Error): void => void events.emit("error", error);

  const begin = (): void => {
    if (line.http2) http2 = line.http2.open(events);
    else if (isFirst) {
      if (line.slowly === null) upper.on("data", (bytes: Buffer) => events.emit("data", bytes));
      else readSlowly(upper, line.slowly, (bytes) => events.emit("data", bytes));
      upper.once("end", () => events.emit("end", { how: "fin", ...(hasCloseNotify() ? {} : { closeNotify: false }) }));
    } else {
      fail(new Error("HTTP/1.1 has no concurrent requests on one connection"));
      events.emit("close");
      return;
    }
    events.emit("connect");
  };
  if (raw.closed) setImmediate(() => (fail(new Error("the connection is gone")), events.emit("close")));
  else if (line.ready.isTripped) setImmediate(begin);
  else line.ready.signal(begin);
  // With HTTP/2 each exchange learns of it through the session, in order.
  let cause: Error | null = null;
  // The TCP event says more than the TLS event.
  raw.on("error", (error) => (cause ??= error));
  upper.on("error", (error) => http2 ?? fail(cause ?? error));
  raw.once("close", () => afterAll(() => void (http2 ?? events.emit("close"))));

  const connection: Omit<ClientConnection, "on" | "connecting" | "localPort"> = {
    send: (request: RequestToSend) => (http2 ? http2.send(request) : void upper.write(bytesOf(request))),
    sendContent: (bytes: Buffer | null) => (http2 ? http2.sendContent(bytes) : void upper.write(chunkOf(bytes))),
    leave: () => http2?.leave() ?? leaveEncrypted(line),
    cancel: () => http2?.cancel() ?? leaveEncrypted(line),
    destroy: () => (http2 ? http2.destroy() : void raw.destroy()),
    pause: () => (http2 ? http2.pause() : void upper.pause()),
    resume: () => (http2 ? http2.resume() : void upper.resume()),
    resetAndDestroy: () => void raw.resetAndDestroy(),
    blocked: (until) => http2?.blocked(until) ?? [],
    another: () => exchangeOn(line, { isFirst: false, hasCloseNotify }),
  };
  return Object.defineProperties(Object.assign(events, connection, { connecting: true, localPort: null }), {
    connecting: { get: () => raw.connecting },
    localPort: { get: () => raw.localPort ?? null },
    isHttp2: { get: () => line.http2 !== null },
  });
};

const leaveEncrypted = ({ upper, raw }: Line): Sign => {
  upper.end(() => raw.destroy());
  return { how: "fin" };
};
