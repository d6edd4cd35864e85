// Which server a request comes to, as nginx chooses: exact, `*.x`, `x.*`, patterns in their order, the default.
import { spend } from "./effort.ts";
import type { Effort } from "./effort.ts";
import { patternOf } from "./patterns.ts";
import type { Pattern } from "./patterns.ts";
import { socketKey } from "./servers.ts";
import type { Listen, Server } from "./servers.ts";

/** Undefined: it cannot be determined. */
export type Chooser = (listen: Listen, host: string) => Server | undefined;

interface Socket {
  exact: Map<string, Server>;
  /** The longest first. */
  leading: { end: string; server: Server }[];
  trailing: { start: string; server: Server }[];
  patterns: { pattern: Pattern | null; server: Server }[];
  fallback: Server | undefined;
}

export const chooserOf = (servers: readonly Server[], effort: Effort): Chooser => {
  const sockets = new Map(
    [
      ...Map.groupBy(
        servers.flatMap((server) => [...new Set(server.listens.map(socketKey))].map((key) => ({ key, server }))),
        ({ key }) => key,
      ),
    ].map(([key, here]) => [
      key,
      socketOf(
        key,
        here.map(({ server }) => server),
      ),
    ]),
  );
  return (listen, host) => {
    const socket = sockets.get(socketKey(listen));
    const asked = host.toLowerCase();
    if (!socket) return undefined;
    const exact = socket.exact.get(asked) ?? socket.exact.get(`.${asked}`);
    if (exact) return exact;
    if (!spend(effort, socket.leading.length + socket.trailing.length)) return undefined;
    const wild = socket.leading.find(({ end }) => asked.endsWith(end)) ?? socket.trailing.find(({ start }) => asked.startsWith(start));
    if (wild) return wild.server;
    for (const { pattern, server } of socket.patterns) {
      const found = spend(effort) ? pattern?.match(asked) : undefined;
      if (found === undefined) return undefined;
      if (found) return server;
    }
    return socket.fallback;
  };
};

const socketOf = (key: string, servers: readonly Server[]): Socket => {
  const all = servers.flatMap((server) => server.names.map((given) => ({ server, given, name: given.toLowerCase() })));
  // Of two servers with the same name the first has it.
  const exact = new Map(all.toReversed().map(({ name, server }) => [name, server]));
  const longestFirst = all.toSorted((one, other) => other.name.length - one.name.length);
  return {
    exact,
    leading: longestFirst.flatMap(({ name, server }) => (/^\*?\./.test(name) ? [{ end: name.replace(/^\*/, ""), server }] : [])),
    trailing: longestFirst.flatMap(({ name, server }) => (name.endsWith(".*") ? [{ start: name.slice(0, -1), server }] : [])),
    patterns: all.flatMap(({ given, server }) => (given.startsWith("~") ? [{ pattern: patternOf(given.slice(1), true), server }] : [])),
    fallback: servers.find(({ listens }) => listens.some((listen) => listen.isDefault && socketKey(listen) === key)) ?? servers[0],
  };
};
