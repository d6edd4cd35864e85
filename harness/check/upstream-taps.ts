// Between every server and its upstreams: a tap for each port, in front of the lab's origin or of a kept application, and a name server for
// servers that resolve upstreams by name.
import type { ContainerRuntime } from "../runtime/container.ts";
import { addressAt, standpoints } from "./running.ts";
import type { KeptApplication } from "./running.ts";
import { createHash } from "node:crypto";
import { isFixed } from "../runtime/redirect.ts";
import { socketFolder } from "../runtime/run-network.ts";
import { upstreamKey } from "./configuration.ts";
import type { Deployment, Upstream } from "./configuration.ts";
import { openTap } from "./tap.ts";

export interface UpstreamTaps extends AsyncDisposable {
  /** Where the lab's origin is found. */
  lab: string;
  /** Listens as this upstream; `pem`: key and certificates for TLS. */
  open: (upstream: Upstream, pem: () => Promise<string>) => Promise<unknown>;
  /** The id of the tap of an upstream, by its key. */
  tapOf: (upstream: string) => Promise<string>;
  /** Where the sockets of this deployment are in the volume of the lab's, by path. */
  socketsOf: (deployment: Deployment) => { path: string; name: string }[];
  /** The address of each upstream by its name. */
  placesOf: (deployment: Deployment) => [name: string, address: string][];
  /** A name server that leads these names to their places; answers its address. `own`: an address for a server that shares no names. */
  answerNames: (deployment: Deployment, places: ReadonlyMap<string, string>, own?: string) => Promise<string>;
}

export const namesPort = 5353;

/** Of the lab's addresses: those below are for chains and kept services. */
const firstForCopies = 64;

export const openUpstreamTaps = (runtime: ContainerRuntime, kept: KeptApplication | null): UpstreamTaps => {
  const lab = labAddress(runtime);
  const standpointOf = standpoints(runtime, lab, kept);
  const taps = new Map<string, Promise<string>>();
  /** By the upstream's key, where it has one of its own. */
  const ownTaps = new Map<string, Promise<string>>();
  const relays = new Map<string, Promise<string>>();
  const addressForCopies = copyAddresses(runtime, kept);

  const tapOf = (upstream: string): Promise<string> => {
    const known = ownTaps.get(upstream);
    if (known) return known;
    const { id, target, listen } = standpointOf(upstream);
    const tap = taps.get(id) ?? openTap(runtime, id, target, listen);
    taps.set(id, tap);
    return tap;
  };

  const own = (key: string, opened: () => Promise<string>): Promise<string> => {
    const tap = ownTaps.get(key) ?? opened();
    ownTaps.set(key, tap);
    return tap;
  };

  return {
    lab,
    placesOf: (deployment) => placesIn(deployment, (one) => addressForCopies(one) ?? standpointOf(upstreamKey(one)).listen.host),
    /** One for each port or socket, whatever the upstreams' names; those that are kept, and those for copies, have their own. */
    tapOf,
    open: (upstream, pem) => {
      const key = upstreamKey(upstream);
      const address = addressForCopies(upstream);
      if (address !== null) return own(key, () => openTap(runtime, `copies-${key}`, "origin", { host: address, port: upstream.port }));
      if (!isRelayed(upstream) || kept?.serverOf.has(key)) return tapOf(key);
      const id = `relayed-${upstream.socket ?? upstream.port}`;
      const relay = relays.get(id) ?? openRelay(runtime, id, upstream, pem);
      relays.set(id, relay);
      return own(key, () => relay);
    },
    socketsOf: ({ upstreams }) =>
      [...new Set(upstreams.flatMap(({ socket }) => socket ?? []))].map((path) => ({ path, name: nameOf(path) })),
    answerNames: nameServer(runtime, lab),
    [Symbol.asyncDispose]: async () => {
      await Promise.allSettled(Array.from(relays.values(), async (id) => runtime.lab.ask("close-relay", { id: await id })));
      const open = new Set([...taps.values(), ...ownTaps.values()]);
      await Promise.allSettled(Array.from(open, async (id) => runtime.lab.ask("close-tap", { id: await id })));
    },
  };
};

/** An address of the lab's for each host that only copies go to; null: it is found where the others are. */
const copyAddresses = (runtime: ContainerRuntime, kept: KeptApplication | null): ((upstream: Upstream) => string | null) => {
  const byHost = new Map<string, string | null>();
  return (upstream) => {
    const { host, isForCopies = false } = upstream;
    if (!isForCopies || isRelayed(upstream) || isFixed(host) || kept?.serverOf.has(upstreamKey(upstream))) return null;
    const address = byHost.get(host) ?? addressAt(runtime, firstForCopies + byHost.size);
    byHost.set(host, address);
    return address;
  };
};

const placesIn = ({ upstreams }: Deployment, placeOf: (upstream: Upstream) => string): [name: string, address: string][] =>
  upstreams.filter(({ socket }) => socket === undefined).map((one) => [one.host, placeOf(one)]);

const namesIn = ({ upstreams, hosts = [] }: Deployment): string[] =>
  [...upstreams.filter(({ socket }) => socket === undefined), ...hosts].map(({ host }) => host);

const nameServer = (runtime: ContainerRuntime, lab: string): UpstreamTaps["answerNames"] => {
  /** What servers without an address of their own resolve. */
  const shared = { names: new Set<string>(), others: new Map<string, string>() };
  let answering: Promise<unknown> = Promise.resolve();
  // A changed copy has the names of what it was made from.
  return async (deployment, places, own = lab) => {
    const { names, others } = own === lab ? shared : { names: new Set<string>(), others: new Map<string, string>() };
    const wanted = namesIn(deployment).filter((name) => !names.has(name));
    for (const name of wanted) names.add(name);
    for (const [name, place] of places) others.set(name, place);
    // One that is asked while another is opened gets its names as well: the last one has them all.
    const open = (): Promise<unknown> => openNames(runtime, own, lab, [...names], Object.fromEntries(others));
    if (wanted.length > 0 || own !== lab) answering = answering.then(open, open);
    await answering;
    return own;
  };
};

const openNames = (
  { lab }: ContainerRuntime,
  host: string,
  address: string,
  names: string[],
  others: Record<string, string>,
): Promise<unknown> => lab.ask("open-names", { listen: { host, port: namesPort }, names, address, others });

const openRelay = async (
  runtime: ContainerRuntime,
  id: string,
  { socket, port, scheme, speaks = "http" }: Upstream,
  pem: () => Promise<string>,
): Promise<string> => {
  const { port: at } = await runtime.lab.ask("open-tap", { id, target: "origin", listen: { host: "127.0.0.1", port: 0 } });
  const listen = socket === undefined ? { host: labAddress(runtime), port } : { path: `${socketFolder}/${nameOf(socket)}` };
  const target = { host: "127.0.0.1", port: at };
  await runtime.lab.ask("open-relay", { id, listen, target, speaks, ...(scheme === "https" ? { pem: await pem() } : {}) });
  return id;
};

const isRelayed = ({ socket, scheme, speaks = "http" }: Upstream): boolean =>
  socket !== undefined || scheme === "https" || speaks !== "http";

/** A short name: a socket's path has at most 107 bytes. */
const nameOf = (path: string): string => createHash("sha256").update(path).digest("hex").slice(0, 16);

/** An address of the lab's that nothing else of it listens on, where the engine lets it have one. */
const labAddress = (runtime: ContainerRuntime): string => {
  try {
    return runtime.address(1);
  } catch {
    return runtime.address(0);
  }
};
