// The lab: origin, taps, clients and control, with the commands of protocol.ts.
import type { CaseTap } from "./case-run.ts";
import { openCases } from "./cases.ts";
import { openControl } from "./control.ts";
import { openOrigin } from "./origin.ts";
import type { LabCommand, LabCommands } from "./protocol.ts";
import { type NameServer } from "./names.ts";
import type { Relay } from "./relay/relay.ts";
import type { TapConnection } from "./tap-connection.ts";
import { handlersOf, programOf } from "./lab-handlers.ts";
import type { Http3 } from "./lab-handlers.ts";

export interface LabOptions {
  /** Recorded bytes per part of a connection and direction. */
  keepBytes?: number;
}

export interface OpenLab extends AsyncDisposable {
  do: <C extends LabCommand>(command: C, order: LabCommands[C]["order"]) => Promise<LabCommands[C]["answer"]>;
  /** The open sockets at the origin, and the tapped connections. */
  census: () => { atOrigin: number; onTaps: number };
}

export const openLab = async ({ keepBytes }: LabOptions = {}): Promise<OpenLab> => {
  const cases = openCases(keepBytes);
  const http3: Http3 = { program: null };
  const control = openControl(() => programOf(http3));
  const taps = new Map<string, CaseTap>();
  const relays = new Map<string, Relay>();
  const nameServers = new Map<string, NameServer>();
  const atOrigin = new Map<number, TapConnection>();
  const origin = await openOrigin({ caseOf: cases.caseOf, tapAt: (port) => atOrigin.get(port), stranger: cases.stranger });

  const handlers = handlersOf({ http3, keepBytes, cases, control, taps, relays, nameServers, atOrigin, origin });
  return {
    do: async (command, order) => {
      if (!Object.hasOwn(handlers, command)) throw new Error(`Unknown lab command ${JSON.stringify(command)}`);
      return handlers[command](order);
    },
    census: () => ({ atOrigin: origin.connectionCount(), onTaps: taps.values().reduce((sum, { tap }) => sum + tap.connectionCount(), 0) }),
    [Symbol.asyncDispose]: async () => {
      control.close();
      for (const server of nameServers.values()) server.close();
      await Promise.all(Array.from(relays.values(), (relay) => relay.close()));
      await Promise.all(Array.from(taps.values(), ({ tap }) => tap.close()));
      await origin.close();
    },
  };
};
