// The server of port 8443 as if it were far away, over HTTP/3 only: at port 8444, each datagram takes 150 ms.
import { createSocket } from "node:dgram";
import type { Socket } from "node:dgram";

const oneWayMs = 150;
const host = "127.0.0.1";
const near = createSocket("udp4");
const servers = new Map<number, Socket>();

const serverOf = (client: number): Socket => {
  const known = servers.get(client);
  if (known) return known;
  const server = createSocket("udp4").on("message", (datagram) => setTimeout(() => near.send(datagram, client, host), oneWayMs));
  servers.set(client, server);
  return server;
};

near.on("message", (datagram, { port }) => setTimeout(() => serverOf(port).send(datagram, 8443, host), oneWayMs)).bind(8444, host);
