// Where the listeners of a configuration are reached in their container. Of a listener on an address of the deployment's own the container
// has another: what comes to the door there is led to it.
import { isIPv4 } from "node:net";
import type { Door } from "../configuration.ts";
import { socketKey } from "./servers.ts";
import type { Listen, Server } from "./servers.ts";

/** Above the ports that people listen on, and below those that the system gives to outgoing connections. */
const firstSpare = 20_000;

/** One for each such address and port; its port too, unless another listener of that port is reached there. */
export const doorsOf = (servers: readonly Server[]): Door[] => {
  const listens = servers.flatMap(({ listens: own }) => own);
  const taken = new Set(listens.filter(({ reachable, address }) => reachable && !isIPv4(address)).map(({ port }) => port));
  const ports = new Set(listens.map(({ port }) => port));
  let spare = firstSpare;
  const free = (port: number): number => {
    if (!taken.has(port)) return port;
    while (ports.has(spare) || taken.has(spare)) spare += 1;
    return spare;
  };
  const doors = new Map<string, Door>();
  for (const listen of listens) {
    const { address, port, reachable } = listen;
    if (!reachable || !isIPv4(address) || doors.has(socketKey(listen))) continue;
    const door = free(port);
    taken.add(door);
    doors.set(socketKey(listen), { address, port, door });
  }
  return [...doors.values()];
};

/** The port at which a listener is reached. */
export const doorTo = (doors: readonly Door[], { address, port }: Listen): number =>
  doors.find((one) => one.address === address && one.port === port)?.door ?? port;
