// What the lab does at each command of protocol.ts.
import type { CaseTap } from "./case-run.ts";
import type { openCases } from "./cases.ts";
import { now } from "./clock.ts";
import { datesOf } from "./dates.ts";
import type { Control } from "./control.ts";
import type { Origin } from "./origin.ts";
import type { Address, Handlers } from "./protocol.ts";
import { openNames, type NameServer } from "./names.ts";
import { awaitPort, fetchText } from "./reach.ts";
import { selfTest } from "./self-test.ts";
import type { Relay } from "./relay/relay.ts";
import type { TapConnection } from "./tap-connection.ts";
import { openTap } from "./tap.ts";
import { controlHandlers, relayHandlers } from "./control-handlers.ts";

/** Where the program that speaks HTTP/3 takes orders; null: it was not started. */
export interface Http3 {
  program: Address | null;
}

export const programOf = ({ program }: Http3): Address => {
  if (program === null) throw new Error("The lab's client for HTTP/3 was not started");
  return program;
};

interface Parts {
  http3: Http3;
  keepBytes: number | undefined;
  cases: ReturnType<typeof openCases>;
  control: Control;
  taps: Map<string, CaseTap>;
  relays: Map<string, Relay>;
  /** By the address that they listen on. */
  nameServers: Map<string, NameServer>;
  /** Tapped connections to the origin by the port that it sees. */
  atOrigin: Map<number, TapConnection>;
  origin: Origin;
}

export const handlersOf = ({ http3, keepBytes, cases, control, taps, relays, nameServers, atOrigin, origin }: Parts): Handlers => {
  const tapOf = (id: string): CaseTap => {
    const tap = taps.get(id);
    if (!tap) throw new Error(`Unknown tap ${JSON.stringify(id)}; known taps: ${taps.size === 0 ? "none" : [...taps.keys()].join(", ")}`);
    return tap;
  };
  return {
    "self-test": selfTest,
    "open-tap": async ({ id, target, listen }) => {
      if (taps.has(id)) throw new Error(`The tap ${JSON.stringify(id)} already exists`);
      const isFirst = target === "origin";
      const tap = await openTap({
        target: isFirst ? { host: "127.0.0.1", port: origin.port } : target,
        listen,
        isActive: cases.isActive,
        keepBytesOf: cases.keepBytesOf,
        ...(keepBytes === undefined ? {} : { keepBytes }),
        ...(isFirst ? { onUpstreamConnected: (connection) => rememberIn(atOrigin, connection) } : {}),
      });
      taps.set(id, { tap, address: { host: reachable(listen.host), port: tap.port } });
      return { port: tap.port };
    },
    "open-names": async ({ listen, names, address, others }) => {
      // Replaces the previous one there.
      nameServers.get(listen.host)?.close();
      nameServers.set(listen.host, await openNames(listen, names, address, others));
      return {};
    },
    ...relayHandlers(relays),
    "close-tap": async ({ id }) => {
      const { tap } = tapOf(id);
      taps.delete(id);
      await tap.close();
      return {};
    },
    "run-case": (order) => {
      if (order.taps.length === 0) throw new Error(`Case ${JSON.stringify(order.case.id)} names no tap`);
      const clientTaps = Object.entries(order.clientTaps ?? {}).map(([protocol, id]) => [protocol, tapOf(id)] as const);
      return cases.run(order, {
        chain: order.taps.map(tapOf),
        besides: (order.besides ?? []).map(tapOf),
        clients: new Map(clientTaps),
        ...(order.http3 ? { http3: { ...order.http3, program: programOf(http3) } } : {}),
      });
    },
    "use-http3": async ({ program }) => {
      http3.program = program;
      return {};
    },
    "await-port": async ({ address, withinMs }) => ({ afterMs: await awaitPort(address, withinMs) }),
    dates: ({ host, ports, apartMs }) => datesOf(host, ports, apartMs),
    ...controlHandlers(control),
    now: () => ({ at: now() }),
    fetch: ({ address, path, withinMs }) => fetchText(address, path, withinMs),
  };
};

const rememberIn = (atOrigin: Map<number, TapConnection>, connection: TapConnection): void => {
  atOrigin.set(connection.upstreamPort, connection);
  connection.closed.signal(() => {
    if (atOrigin.get(connection.upstreamPort) === connection) atOrigin.delete(connection.upstreamPort);
  });
};

/** Where the lab's own clients reach something that listens on `host`. */
const reachable = (host: Address["host"]): string => (host === "0.0.0.0" || host === "" ? "127.0.0.1" : host === "::" ? "::1" : host);
