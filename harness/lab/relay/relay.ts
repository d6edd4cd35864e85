// A relay stands between a server and a tap where the server does not speak plain HTTP over TCP to its upstream: it listens on a socket or by
// TLS, or speaks what an application server speaks, and passes on HTTP/1.1, so that one tap, one origin and one judge serve all.
import { createServer } from "node:net";
import type { Server, Socket } from "node:net";
import { createSecureContext, TLSSocket } from "node:tls";
import type { Duplex } from "node:stream";
import type { Address, RelayOrder } from "../protocol.ts";
import { portOf } from "../tap.ts";
import { fastcgi } from "./fastcgi.ts";
import { serveGrpc } from "./grpc.ts";
import { passBytes } from "./passing.ts";
import { scgi } from "./scgi.ts";
import { translate } from "./translating.ts";
import { uwsgi } from "./uwsgi.ts";

export interface Relay {
  /** 0 for a socket. */
  port: number;
  close: () => Promise<void>;
}

type Serve = (from: Duplex, raw: Socket, target: Address) => void;

const speaking: Record<RelayOrder["speaks"], Serve> = {
  http: passBytes,
  uwsgi: translate(uwsgi),
  fastcgi: translate(fastcgi),
  scgi: translate(scgi),
  grpc: serveGrpc,
};

const backlog = 4096;

export const openRelay = async ({ listen, target, speaks, pem }: Omit<RelayOrder, "id">): Promise<Relay> => {
  const sockets = new Set<Socket>();
  const secureContext = pem === undefined ? null : createSecureContext({ key: pem, cert: pem });
  // A session of HTTP/2 does not notice a FIN on a connection that may stay half open.
  const server = createServer({ allowHalfOpen: speaks !== "grpc", noDelay: true }, (raw) => {
    sockets.add(raw);
    raw.on("close", () => sockets.delete(raw));
    raw.on("error", () => {});
    const from =
      secureContext === null
        ? raw
        : new TLSSocket(raw, { isServer: true, secureContext, ALPNProtocols: ["http/1.1"], allowHalfOpen: true } as object);
    from.on("error", () => {});
    speaking[speaks](from, raw, target);
  });
  await listening(server, listen);
  return {
    port: portOf(server),
    close: async () => {
      const closed = new Promise((resolve) => server.close(resolve));
      for (const socket of sockets) socket.destroy();
      await closed;
    },
  };
};

const listening = (server: Server, listen: RelayOrder["listen"]): Promise<void> =>
  new Promise((resolve, reject) => {
    const where = "path" in listen ? listen.path : `${listen.host}:${listen.port}`;
    server.once("error", (error) => reject(new Error(`Cannot listen on ${where}: ${error.message}`)));
    server.listen({ ...listen, backlog, ...("path" in listen ? { readableAll: true, writableAll: true } : {}) }, resolve);
  });
