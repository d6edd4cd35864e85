// A tap: listens like a server, connects to the neighbor nearer the origin, passes bytes on and records them.
import { connect, createServer, type Server, type Socket } from "node:net";
import type { ConnectionRecording } from "../model/recording.ts";
import type { BlockedLog } from "./blocked.ts";
import type { Address } from "./protocol.ts";
import { TapConnection } from "./tap-connection.ts";
import type { IsActive, KeepBytesOf } from "./tap-parts.ts";
import { defaultKeepBytes } from "./wire.ts";

export interface TapOptions {
  target: Address;
  listen: Address;
  isActive: IsActive;
  keepBytesOf?: KeepBytesOf;
  /** Recorded bytes per part of a connection and direction. */
  keepBytes?: number;
  onUpstreamConnected?: (connection: TapConnection) => void;
}

export interface Tap {
  port: number;
  /** The recording of a case; `tap` is the place of this tap in the chain. */
  cut: (token: string, tap: number) => Promise<ConnectionRecording[]>;
  /** When the downstream neighbor at a port could not be sent to. */
  blockedAt: (port: number) => BlockedLog | undefined;
  /** The last activity on the connections of the case. */
  lastEventAt: (token: string) => number;
  /** The last response bytes on them. */
  lastResponseAt: (token: string) => number;
  /** Frees the parts of the case. */
  release: (token: string) => void;
  /** Destroys the connections of the case. */
  destroyOf: (token: string) => void;
  /** Connections that are open or still hold recordings. */
  connectionCount: () => number;
  close: () => Promise<void>;
}

const backlog = 4096;

export const openTap = async ({
  target,
  listen,
  isActive,
  keepBytesOf,
  keepBytes = defaultKeepBytes,
  onUpstreamConnected,
}: TapOptions): Promise<Tap> => {
  const connections = new Set<TapConnection>();
  let count = 0;
  const relay = (downstream: Socket): void => {
    const upstream = connect({ host: target.host, port: target.port, noDelay: true, allowHalfOpen: true });
    const connection = new TapConnection({
      number: count++,
      downstream,
      upstream,
      keepBytes,
      isActive,
      ...(keepBytesOf ? { keepBytesOf } : {}),
    });
    connections.add(connection);
    connection.upstreamConnected.signal(() => onUpstreamConnected?.(connection));
    connection.closed.signal(() => {
      if (!connection.parts.keepsAnything()) connections.delete(connection);
    });
  };
  const server = createServer({ allowHalfOpen: true, noDelay: true }, relay);
  await listening(server, listen);
  return {
    port: portOf(server),
    cut: async (token, tap) => {
      const recordings = Array.from(connections, async ({ number, openedAt, connectedAt, parts }): Promise<ConnectionRecording[]> => {
        return (await parts.cut(token)).map((cut) => ({ tap, connection: number, openedAt, connectedAt, ...cut }));
      });
      return (await Promise.all(recordings)).flat();
    },
    blockedAt: (port) => connections.values().find(({ downstreamPort }) => downstreamPort === port)?.blocked,
    lastEventAt: (token) => connections.values().reduce((at, { parts }) => Math.max(at, parts.lastEventAt(token)), 0),
    lastResponseAt: (token) => connections.values().reduce((at, { parts }) => Math.max(at, parts.lastResponseAt(token)), 0),
    release: (token) => {
      for (const connection of connections) {
        connection.parts.release(token);
        if (connection.closed.isTripped && !connection.parts.keepsAnything()) connections.delete(connection);
      }
    },
    destroyOf: (token) => {
      for (const connection of connections) if (connection.parts.isOf(token)) connection.destroy();
    },
    connectionCount: () => connections.size,
    close: async () => {
      const closed = new Promise((resolve) => server.close(resolve));
      for (const connection of connections) connection.destroy();
      connections.clear();
      await closed;
    },
  };
};

export const listening = (server: Server, { host, port }: Address): Promise<void> =>
  new Promise((resolve, reject) => {
    const refuse = (error: Error): void => reject(new Error(`Cannot listen on ${host}:${port}: ${error.message}`));
    server.once("error", refuse);
    server.listen({ host, port, backlog }, () => {
      server.off("error", refuse);
      resolve();
    });
  });

export const portOf = (server: Server): number => {
  const address = server.address();
  return typeof address === "object" && address !== null ? address.port : 0;
};
