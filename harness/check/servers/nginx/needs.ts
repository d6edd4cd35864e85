// What a configuration needs to start, besides files: addresses, names, a resolver, modules.
import type { Place } from "../../configuration.ts";
import { certifiedNames } from "./certified-names.ts";
import { serversOf } from "./servers.ts";
import { everyDirective, find } from "./tree.ts";
import type { Directive } from "./tree.ts";
import { packagesFor } from "./packages.ts";
import { furtherHosts } from "./upstreams.ts";

export interface Needs {
  /** After the program's name. */
  args: string[];
  /** Of `daemon on`: the program continues in the background. */
  daemonizes: boolean;
  /** Name servers that it queries at run time, where it does not read /etc/hosts. */
  resolvers: { host: string; port: number; place: Place }[];
  /** Names beside the upstreams' that must have an address for it to start. */
  hosts: { host: string; place: Place }[];
  /** Addresses of its own that it listens on. */
  addresses: { address: string; place: Place }[];
  /** Names that the certificate of upstreams by TLS is made for. */
  certifiedNames: string[];
  /** Debian's packages of the modules that it uses, e.g. `libnginx-mod-stream`. */
  packages: { name: string; place: Place }[];
}

export const needsOf = (roots: readonly Directive[], main: string, upstreams: readonly { host: string }[]): Needs => {
  const daemon = find(roots, "daemon");
  const known = new Set(upstreams.map(({ host }) => host));
  const hosts = furtherHosts(roots).filter(({ host }) => host !== "localhost" && !known.has(host) && Boolean(known.add(host)));
  const listens = serversOf(roots).flatMap(({ listens: own }) => own);
  return {
    args: ["-c", main, ...(daemon ? [] : ["-g", "daemon off;"])],
    daemonizes: daemon?.args[0] === "on",
    resolvers: everyDirective(roots).flatMap(({ name, args, place }) =>
      name === "resolver" ? args.filter((word) => !word.includes("=")).map((word) => ({ ...addressOf(word), place })) : [],
    ),
    hosts,
    addresses: listens.flatMap(({ address, place }) =>
      /^(?:\*|\[:*\]|\[::1\]|127(?:\.\d+){3}|localhost)$/.test(address) ? [] : [{ address, place }],
    ),
    certifiedNames: certifiedNames(roots),
    packages: packagesFor(roots),
  };
};

const addressOf = (word: string): { host: string; port: number } => {
  const match = /^(\[[^\]]*\]|[^:]*)(?::(\d+))?$/.exec(word);
  return { host: match?.[1] ?? word, port: Number(match?.[2] ?? 53) };
};
