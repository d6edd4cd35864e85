// The lab: origin, taps, clients and control behind the commands of protocol.ts.
import type { ArmTap } from "./arm-run.ts";
import { openArms } from "./arms.ts";
import { now } from "./clock.ts";
import { openControl } from "./control.ts";
import { openOrigin } from "./origin.ts";
import type { Address, LabCommand, LabCommands } from "./protocol.ts";
import { openNames, type NameServer } from "./names.ts";
import { awaitPort, fetchText } from "./reach.ts";
import { selfTest } from "./self-test.ts";
import type { TapConnection } from "./tap-connection.ts";
import { openTap } from "./tap.ts";

export interface LabOptions {
  /** Bytes kept per part of a connection and direction. */
  keepBytes?: number;
}

export interface OpenLab extends AsyncDisposable {
  do: <C extends LabCommand>(command: C, order: LabCommands[C]["order"]) => Promise<LabCommands[C]["answer"]>;
  /** What is held now: sockets at the origin, tapped connections. */
  census: () => { atOrigin: number; onTaps: number };
}

type Handlers = { [C in LabCommand]: (order: LabCommands[C]["order"]) => LabCommands[C]["answer"] | Promise<LabCommands[C]["answer"]> };

export const openLab = async ({ keepBytes }: LabOptions = {}): Promise<OpenLab> => {
  const arms = openArms(keepBytes);
  const control = openControl();
  const taps = new Map<string, ArmTap>();
  const nameServers: NameServer[] = [];
  /** Tapped connections to the origin by the port that it sees. */
  const atOrigin = new Map<number, TapConnection>();
  const origin = await openOrigin({ armOf: arms.armOf, tapAt: (port) => atOrigin.get(port) });

  const onUpstreamConnected = (connection: TapConnection): void => {
    atOrigin.set(connection.upstreamPort, connection);
    connection.closed.signal(() => {
      if (atOrigin.get(connection.upstreamPort) === connection) atOrigin.delete(connection.upstreamPort);
    });
  };
  const tapOf = (id: string): ArmTap => {
    const tap = taps.get(id);
    if (!tap) throw new Error(`There is no tap ${JSON.stringify(id)}; there are ${taps.size === 0 ? "none" : [...taps.keys()].join(", ")}`);
    return tap;
  };
  const handlers: Handlers = {
    "self-test": selfTest,
    "open-tap": async ({ id, target, listen }) => {
      if (taps.has(id)) throw new Error(`There is a tap ${JSON.stringify(id)} already`);
      const isFirst = target === "origin";
      const tap = await openTap({
        target: isFirst ? { host: "127.0.0.1", port: origin.port } : target,
        listen,
        isActive: arms.isActive,
        ...(keepBytes === undefined ? {} : { keepBytes }),
        ...(isFirst ? { onUpstreamConnected } : {}),
      });
      taps.set(id, { tap, address: { host: reachable(listen.host), port: tap.port } });
      return { port: tap.port };
    },
    "open-names": async ({ listen, names, address, others }) => {
      // What was answered before gives way.
      for (const server of nameServers.splice(0)) server.close();
      nameServers.push(await openNames(listen, names, address, others));
      return {};
    },
    "close-tap": async ({ id }) => {
      const { tap } = tapOf(id);
      taps.delete(id);
      await tap.close();
      return {};
    },
    "run-arm": (order) => {
      if (order.taps.length === 0) throw new Error(`Arm ${JSON.stringify(order.arm.id)} names no tap`);
      return arms.play(order, order.taps.map(tapOf), (order.besides ?? []).map(tapOf));
    },
    "await-port": async ({ address, withinMs }) => ({ afterMs: await awaitPort(address, withinMs) }),
    "start-control": async ({ target }) => {
      await control.start(target);
      return {};
    },
    "open-control-sink": async ({ listen }) => ({ port: await control.openSink(listen) }),
    control: ({ fromAt, toAt }) => (toAt === null ? control.windowSince(fromAt) : control.window(fromAt, toAt)),
    now: () => ({ at: now() }),
    fetch: ({ address, path, withinMs }) => fetchText(address, path, withinMs),
  };
  return {
    do: async (command, order) => {
      if (!Object.hasOwn(handlers, command)) throw new Error(`The lab knows no command ${JSON.stringify(command)}`);
      return handlers[command](order);
    },
    census: () => ({ atOrigin: origin.connectionCount(), onTaps: taps.values().reduce((sum, { tap }) => sum + tap.connectionCount(), 0) }),
    [Symbol.asyncDispose]: async () => {
      control.close();
      for (const server of nameServers) server.close();
      await Promise.all(Array.from(taps.values(), ({ tap }) => tap.close()));
      await origin.close();
    },
  };
};

/** Where the lab's own clients reach something that listens on `host`. */
const reachable = (host: Address["host"]): string => (host === "0.0.0.0" || host === "" ? "127.0.0.1" : host === "::" ? "::1" : host);
