// Redirects the addresses of a configuration's upstreams and name servers to the lab.
import { isIP } from "node:net";
import type { ConfiguredPlan } from "./configured-plan.ts";
import type { Site } from "./container-hop.ts";
import type { Container } from "./engine-container.ts";
import { endedWell, wordsOfExit } from "./exit.ts";
import { EnvironmentError } from "../errors.ts";

export const isLoopback = (host: string): boolean => host === "localhost" || host.startsWith("127.");

/** Such an address cannot be assigned to the lab: packets to it are redirected. */
export const isFixed = (host: string): boolean => isLoopback(host) || isIP(host) !== 0;

const redirectScript = `
set -e
lab=$1; shift
for place in "$@"; do
  IFS=: read -r protocol host port to <<END
$place
END
  if [ "$protocol" = forward ]; then
    ip address replace "$host/32" dev lo
    iptables -w -t nat -A PREROUTING -i eth0 -p tcp --dport "$to" -j DNAT --to-destination "$host:$port"
    continue
  fi
  case $host in 127.*) ;; *) ip route replace "$host/32" dev eth0 ;; esac
  iptables -w -t nat -I OUTPUT -p "$protocol" -d "$host" --dport "$port" -j DNAT --to-destination "$lab:$to"
done
iptables -w -t nat -A POSTROUTING -d "$lab" -j MASQUERADE
`;

export const redirect = async (
  site: Site,
  container: Container,
  { resolvers, namesPort, portForwards }: ConfiguredPlan,
  fixed: readonly { host: string; port: number }[],
  lab: string,
): Promise<void> => {
  if (fixed.length === 0 && resolvers.length === 0 && portForwards.length === 0) return;
  const places = [
    // Before any redirection of the same address.
    ...portForwards.map(({ address, port, viaPort }) => `forward:${address}:${port}:${viaPort}`),
    ...fixed.map(({ host, port }) => `tcp:${host === "localhost" ? "127.0.0.1" : host}:${port}:${port}`),
    // The name of a name server leads to the lab.
    ...resolvers.map(({ host, port }) => `udp:${isFixed(host) ? host : lab}:${port}:${namesPort}`),
  ];
  const unredirectable = fixed.find(({ host }) => isIP(host) === 6);
  if (unredirectable)
    throw new EnvironmentError(
      `The upstream [${unredirectable.host}]:${unredirectable.port} has an IPv6 address, which cannot be redirected to the lab. Use a name or an IPv4 address.`,
    );
  const helper = await site.start({
    title: "The container that redirects addresses to the lab",
    image: site.nodeImage,
    entrypoint: ["/bin/sh", "-c", redirectScript, "redirect", lab, ...places],
    environment: {},
    network: `container:${container.id}`,
    capabilities: ["NET_ADMIN", "NET_RAW"],
  });
  const exit = await helper.exited;
  const lines = helper.lines.last(3);
  await helper.stop();
  if (!endedWell(exit))
    throw new EnvironmentError(
      `Addresses in the configuration (${places.join(", ")}) could not be redirected to the lab: ${wordsOfExit(exit)}: ${lines.join(" | ")}`,
    );
};
