// Where the listeners of a configuration are reached in their container. Of a listener on an address of the deployment's own the container
// has another: traffic to the original one is forwarded there.
import { isIPv4 } from "node:net";
import type { PortForward } from "../../configuration.ts";
import { socketKey } from "./servers.ts";
import type { Listen, Server } from "./servers.ts";

/** Above the ports that people listen on, and below those that the system gives to outgoing connections. */
const firstSpare = 20_000;

/** One for each such address and port; its port too, unless another listener of that port is reached there. */
export const portForwardsOf = (servers: readonly Server[]): PortForward[] => {
  const listens = servers.flatMap(({ listens: own }) => own);
  const taken = new Set(listens.filter(({ reachable, address }) => reachable && !isIPv4(address)).map(({ port }) => port));
  const ports = new Set(listens.map(({ port }) => port));
  let spare = firstSpare;
  const free = (port: number): number => {
    if (!taken.has(port)) return port;
    while (ports.has(spare) || taken.has(spare)) spare += 1;
    return spare;
  };
  const portForwards = new Map<string, PortForward>();
  for (const listen of listens) {
    const { address, port, reachable } = listen;
    if (!reachable || !isIPv4(address) || portForwards.has(socketKey(listen))) continue;
    const viaPort = free(port);
    taken.add(viaPort);
    portForwards.set(socketKey(listen), { address, port, viaPort });
  }
  return [...portForwards.values()];
};

/** The port at which a listener is reached. */
export const portForwardTo = (portForwards: readonly PortForward[], { address, port, front }: Listen): number =>
  front?.port ?? portForwards.find((one) => one.address === address && one.port === port)?.viaPort ?? port;
