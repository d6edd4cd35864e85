// The scripted origin: a plain server that answers each request by the script of its case.
import { createServer, type Socket } from "node:net";
import { warmUp } from "../model/body.ts";
import { openFeed } from "./feed.ts";
import { OriginConnection, type OriginOptions } from "./origin-connection.ts";
import { listening, portOf } from "./tap.ts";

export interface Origin {
  port: number;
  connectionCount: () => number;
  close: () => Promise<void>;
}

export const openOrigin = async (options: OriginOptions): Promise<Origin> => {
  warmUp();
  const sockets = new Set<Socket>();
  const feed = openFeed(options.caseOf);
  const server = createServer({ allowHalfOpen: true, noDelay: true }, (socket) => {
    sockets.add(socket);
    socket.on("close", () => sockets.delete(socket));
    new OriginConnection(socket, options, feed).serve();
  });
  await listening(server, { host: "127.0.0.1", port: 0 });
  return {
    port: portOf(server),
    connectionCount: () => Array.from(sockets).filter(({ destroyed }) => !destroyed).length,
    close: async () => {
      const closed = new Promise((resolve) => server.close(resolve));
      for (const socket of sockets) socket.destroy();
      await closed;
    },
  };
};
