// The connection of a client: plain TCP here, TLS and HTTP/2 in `client-encrypted.ts`, HTTP/3 in `client-http3.ts`. All deliver HTTP/1.1 bytes:
// the data of HTTP/2 and HTTP/3 is rewritten in chunked coding, one chunk per read, so that one parser and one judge serve all.
import type { EventEmitter } from "node:events";
import { connect, type NetConnectOpts, type Socket, type TcpNetConnectOpts } from "node:net";
import type { Closing } from "../model/recording.ts";
import type { HeaderList } from "../model/script.ts";
import type { Interval } from "./blocked.ts";
import type { Address } from "./protocol.ts";

export interface RequestToSend {
  method: string;
  target: string;
  version: string;
  headers: HeaderList;
  /** The whole body. */
  content?: string;
}

/** How one side closed, with its frame of HTTP/2 or QUIC, or the TLS close_notify. */
export type Sign = Omit<Closing, "at" | "by">;

export interface Events {
  connect: [];
  data: [bytes: Buffer];
  /** The other side has ended the connection, or over HTTP/2 and HTTP/3 the stream. Without a sign: by FIN. */
  end: [sign?: Sign];
  error: [error: Error];
  close: [];
}

/** The other side cut this response by a frame of HTTP/2 or QUIC. */
export class CutByFrame extends Error {
  readonly sign: Sign;

  constructor(sign: Sign) {
    const { frame, code } = sign.http2 ?? sign.http3 ?? { frame: sign.how, code: "" };
    super(frame === null ? code : `${frame}(${code})`);
    this.sign = sign;
  }
}

/** The lab's own client failed, which says nothing of a hop. */
export class ClientFault extends Error {}

/** The part of a socket that a client needs. */
export interface ClientConnection extends Pick<EventEmitter<Events>, "on"> {
  readonly connecting: boolean;
  /** Null: not connected. */
  readonly localPort: number | null;
  /** Whether the other side selected HTTP/2; known once connected. Absent: it was not offered. */
  readonly isHttp2?: boolean;
  send: (request: RequestToSend) => void;
  /** The next piece of the request's content, or null for its end. */
  sendContent: (bytes: Buffer | null) => void;
  /** Ends its side and leaves. A connection that others still use stays open. */
  leave: () => Sign;
  /** Cancels this response: over HTTP/2 and HTTP/3 the connection stays open, else the same as leaving. */
  cancel: () => Sign;
  destroy: () => void;
  /** Stops reading, and resumes. */
  pause: () => void;
  resume: () => void;
  /** RST of the whole connection; over HTTP/3 it is closed with an error. */
  resetAndDestroy: () => void;
  /** When the other side could not send because a flow-control window was exhausted. */
  blocked: (until: number) => Interval[];
  /** A further concurrent request on the same connection; absent if the protocol has none. */
  another?: () => ClientConnection;
}

/** A chunk, or the last one. */
export const chunkOf = (bytes: Buffer | null): Buffer =>
  bytes === null ? Buffer.from("0\r\n\r\n") : Buffer.concat([Buffer.from(`${bytes.length.toString(16)}\r\n`), bytes, Buffer.from("\r\n")]);

/** Connection-specific fields, which HTTP/2 and HTTP/3 do not have (RFC 9113 §8.2.2, RFC 9114 §4.2). */
const ofConnection = new Set(["connection", "host", "keep-alive", "transfer-encoding", "upgrade"]);

/** A request's fields as HTTP/2 and HTTP/3 have them. */
export const withoutConnection = (headers: HeaderList): HeaderList =>
  headers.filter(([name]) => !ofConnection.has(name.toLowerCase())).map(([name, value]) => [name.toLowerCase(), value]);

/** A header section of HTTP/2 or HTTP/3 as one of HTTP/1.1. */
export const headAsHttp1 = (status: number | string, fields: HeaderList, hasBody: boolean): Buffer => {
  const kept = fields.filter(([name]) => !name.startsWith(":") && name !== "content-length");
  const lines = [...kept, ...(hasBody ? [["transfer-encoding", "chunked"] as const] : [])].map(([name, value]) => `${name}: ${value}\r\n`);
  return Buffer.from(`HTTP/1.1 ${status} \r\n${lines.join("")}\r\n`, "latin1");
};

/** The request's bytes in HTTP/1. */
export const bytesOf = ({ method, target, version, headers, content = "" }: RequestToSend): Buffer => {
  const fields = headers.map(([name, value]) => `${name}: ${value}\r\n`);
  const head = Buffer.from(`${method} ${target} HTTP/${version}\r\n${fields.join("")}\r\n`, "latin1");
  return Buffer.concat([head, Buffer.from(content)]);
};

const byFin: Sign = { how: "fin" };

export const connectPlain = (target: Address, more: Partial<NetConnectOpts> = {}): ClientConnection => {
  const socket = connect({ host: target.host, port: target.port, noDelay: true, allowHalfOpen: true, ...more } as TcpNetConnectOpts);
  // A close with unread bytes would send RST instead of FIN: send FIN first, then close.
  const leave = (): Sign => {
    socket.end(() => socket.destroy());
    return byFin;
  };
  return Object.assign(socket, {
    send: (request: RequestToSend) => void socket.write(bytesOf(request)),
    sendContent: (bytes: Buffer | null) => void socket.write(chunkOf(bytes)),
    leave,
    cancel: leave,
    blocked: () => [],
  }) as unknown as Socket & ClientConnection;
};
