// A server with its user's own configuration, which nobody here has written: unmodified, in a container and a network namespace of its
// own, from which no way leads out. What it calls its upstreams is the lab.
import { isIP, isIPv4 } from "node:net";
import type { BinaryServer } from "../define.ts";
import type { AskedVersion } from "../versions.ts";
import { ordinary } from "./container-binary.ts";
import { hopLimits, orFail, running } from "./container-hop.ts";
import type { Site } from "./container-hop.ts";
import type { Container } from "./engine.ts";
import { accepting, versionIn } from "./hop.ts";
import type { BinaryPlan } from "./hop.ts";
import { ensureImage, ensurePulled, recipeOf } from "./images.ts";
import type { Recipe } from "./images.ts";
import { AuthorError, WorldError } from "./runtime.ts";
import type { RunningServer } from "./runtime.ts";
import { tar } from "./tar.ts";
import { clocked, proveClocked } from "./time/clock.ts";
import { askForDates, datesIn, refuseUnlessFaster } from "./time/rate.ts";
import type { TarEntry } from "./tar.ts";

export interface ConfiguredPlan {
  /** Names it in sentences and in verdicts. */
  hop: string;
  definition: BinaryServer;
  version: AskedVersion | null;
  /** Debian's packages beside the server's own. */
  packages: string[];
  /** The user's own; null: the one that Hopwise builds. */
  image: string | null;
  /** Where it finds its configuration, and all that this names. */
  entries: TarEntry[];
  args: string[];
  /** Where it listens; it is ready when all of these accept connections. */
  ports: number[];
  /** Of these the ones from which addresses of its own are reached. */
  doors: readonly { address: string; port: number; door: number }[];
  /** Addresses that it listens on, and that its container does not have by itself. */
  addresses: readonly string[];
  upstreams: { host: string; port: number }[];
  /** Addresses of the lab for upstreams that are not at the common one, by their names. */
  places?: ReadonlyMap<string, string>;
  /** Name servers that the configuration asks itself, with their ports; the lab answers for them on `namesPort`. */
  resolvers: { host: string; port: number }[];
  /** Further names that it must be able to look up. */
  hosts: string[];
  namesPort: number;
  /** How many times faster its clock runs. */
  timeScale: number;
  /** What the configuration's own paths are called by its user, for the server's words on it. */
  paths: ReadonlyMap<string, string>;
}

export interface ConfiguredServer extends RunningServer {
  image: string;
  /** Asks it to read its configuration again, as an operator does who changed it. */
  reload: () => Promise<void>;
}

const withPackages = (recipe: Recipe, packages: readonly string[]): Recipe => ({ ...recipe, packages: [...recipe.packages, ...packages] });

/** `lab`: where the upstreams are played, on the ports that the configuration has for them. */
export const startConfigured = async (site: Site, plan: ConfiguredPlan, lab: string): Promise<ConfiguredServer> => {
  const { engine, onProgress } = site;
  const { definition } = plan;
  const image = await (plan.image === null
    ? ensureImage(engine, withPackages(recipeOf(definition, plan.version), plan.packages), onProgress)
    : ensurePulled(engine, plan.image, onProgress));
  const fixed = plan.upstreams.filter(({ host }) => isFixed(host));
  const known = [...plan.upstreams.map(({ host }) => host), ...plan.hosts].filter((name) => !isFixed(name));
  const names = Object.fromEntries(known.map((name) => [name, plan.places?.get(name) ?? lab]));
  const asBinary: BinaryPlan = {
    kind: "binary",
    hop: plan.hop,
    definition,
    variant: "default",
    settings: definition.variants.default,
    image: plan.image,
    version: plan.version,
    timeScale: plan.timeScale,
  };
  const { image: clockedImage, environment } = await clocked(engine, image, asBinary, onProgress);
  const container = await site.start({
    title: `The server with your configuration (${definition.title})`,
    image: clockedImage,
    entrypoint: [definition.binary, ...plan.args],
    environment,
    network: site.network,
    extraHosts: names,
    archive: tar(plan.entries),
    capabilities: ordinary,
    sysctls: sysctlsFor(plan, fixed),
    ...hopLimits,
  });
  const host = container.addressOn(site.network);
  const version = await orFail(
    asBinary,
    container,
    async () => {
      const [text] = await Promise.all([
        container.run([definition.binary, ...definition.version.args]).catch(() => ""),
        lead(site, container, plan, fixed, lab),
        proveClocked(container, asBinary),
        ...plan.ports.map((port) => accepting(site.lab, asBinary, { host, port }, container.lines)),
      ]);
      await proveFaster(site, plan, clockedImage, host);
      return versionIn(definition, text);
    },
    async () => refusal(plan, container.lines.last(100)),
  );
  return {
    ...running(site, asBinary, container, { host, port: plan.ports[0] ?? 0 }, version),
    image,
    reload: () => container.signal("SIGHUP"),
  };
};

/** By image, time scale and how it is started: its clock is asked for once. */
const faster = new Set<string>();

const proveFaster = async ({ yard }: Site, plan: ConfiguredPlan, image: string, host: string): Promise<void> => {
  const { timeScale, ports } = plan;
  const key = [image, timeScale, plan.definition.binary, ...plan.args].join("\0");
  if (timeScale === 1 || faster.has(key)) return;
  refuseUnlessFaster(
    `The server with your configuration (${plan.definition.title})`,
    datesIn(await yard.run(askForDates({ host }, ports, timeScale))),
    timeScale,
  );
  faster.add(key);
};

/** The server's own words, with the names that its user has for the files. */
const refusal = ({ definition, paths }: ConfiguredPlan, lines: string[]): AuthorError | null => {
  const pattern = definition.check?.problem;
  const line = pattern && lines.find((one) => pattern.test(one));
  if (!line) return null;
  let words = line.trim();
  for (const [target, path] of paths) words = words.replaceAll(target, path);
  return new AuthorError(`${definition.title} refuses the configuration: ${words}`);
};

/** Of its own network namespace. It begins to listen before it is given its addresses. */
const sysctlsFor = ({ resolvers, addresses }: ConfiguredPlan, fixed: readonly { host: string }[]): Record<string, string> => ({
  ...([...fixed, ...resolvers].some(({ host }) => isLoopback(host)) ? { "net.ipv4.conf.all.route_localnet": "1" } : {}),
  ...(addresses.some((address) => isIPv4(address)) ? { "net.ipv4.ip_nonlocal_bind": "1" } : {}),
  ...(addresses.some((address) => address.startsWith("[")) ? { "net.ipv6.ip_nonlocal_bind": "1" } : {}),
});

const isLoopback = (host: string): boolean => host === "localhost" || host.startsWith("127.");

/** Nobody can be given such an address: packets to it are led to the lab. */
const isFixed = (host: string): boolean => isLoopback(host) || isIP(host) !== 0;

const leadScript = `
set -e
lab=$1; shift
for place in "$@"; do
  IFS=: read -r protocol host port to <<END
$place
END
  if [ "$protocol" = door ]; then
    ip address replace "$host/32" dev lo
    iptables -w -t nat -A PREROUTING -i eth0 -p tcp --dport "$to" -j DNAT --to-destination "$host:$port"
    continue
  fi
  case $host in 127.*) ;; *) ip route replace "$host/32" dev eth0 ;; esac
  iptables -w -t nat -I OUTPUT -p "$protocol" -d "$host" --dport "$port" -j DNAT --to-destination "$lab:$to"
done
iptables -w -t nat -A POSTROUTING -d "$lab" -j MASQUERADE
`;

const lead = async (
  site: Site,
  container: Container,
  { resolvers, namesPort, doors }: ConfiguredPlan,
  fixed: readonly { host: string; port: number }[],
  lab: string,
): Promise<void> => {
  if (fixed.length === 0 && resolvers.length === 0 && doors.length === 0) return;
  const places = [
    // Before any route to the same address.
    ...doors.map(({ address, port, door }) => `door:${address}:${port}:${door}`),
    ...fixed.map(({ host, port }) => `tcp:${host === "localhost" ? "127.0.0.1" : host}:${port}:${port}`),
    ...resolvers.map(({ host, port }) => `udp:${host}:${port}:${namesPort}`),
  ];
  const unleadable = fixed.find(({ host }) => isIP(host) === 6);
  if (unleadable)
    throw new WorldError(`The upstream [${unleadable.host}]:${unleadable.port} has an IPv6 address, which cannot be stood in for.`);
  const helper = await site.start({
    title: "The container that leads addresses to the lab",
    image: site.nodeImage,
    entrypoint: ["/bin/sh", "-c", leadScript, "lead", lab, ...places],
    environment: {},
    network: `container:${container.id}`,
    capabilities: ["NET_ADMIN", "NET_RAW"],
  });
  const how = await helper.exited;
  const lines = helper.lines.last(3);
  await helper.stop();
  if (how !== "exit code 0")
    throw new WorldError(`Addresses of the configuration (${places.join(", ")}) could not be led to the lab: ${how}: ${lines.join(" | ")}`);
};
