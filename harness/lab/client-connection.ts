// The connection of a client: plain TCP here, TLS and HTTP/2 in `client-encrypted.ts`. All three deliver HTTP/1.1 bytes: HTTP/2 data is
// rewritten in chunked coding, one chunk per read, so that one parser and one judge serve all.
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

/** How one side closed, with its HTTP/2 frame or the TLS close_notify. */
export type Sign = Omit<Closing, "at" | "by">;

export interface Events {
  connect: [];
  data: [bytes: Buffer];
  /** The other side has ended the connection, or over HTTP/2 the stream. Without a sign: by FIN. */
  end: [sign?: Sign];
  error: [error: Error];
  close: [];
}

/** The other side cut this response by an HTTP/2 frame. */
export class CutByFrame extends Error {
  readonly sign: Sign;

  constructor(sign: Sign) {
    super(`${sign.http2?.frame}(${sign.http2?.code})`);
    this.sign = sign;
  }
}

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
  /** Cancels this response: over HTTP/2 the connection stays open, else the same as leaving. */
  cancel: () => Sign;
  destroy: () => void;
  /** Stops reading, and resumes. */
  pause: () => void;
  resume: () => void;
  /** RST of the whole connection. */
  resetAndDestroy: () => void;
  /** When the other side could not send because a flow-control window was exhausted. */
  blocked: (until: number) => Interval[];
  /** A further concurrent request on the same connection; absent if the protocol has none. */
  another?: () => ClientConnection;
}

/** A chunk, or the last one. */
export const chunkOf = (bytes: Buffer | null): Buffer =>
  bytes === null ? Buffer.from("0\r\n\r\n") : Buffer.concat([Buffer.from(`${bytes.length.toString(16)}\r\n`), bytes, Buffer.from("\r\n")]);

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
