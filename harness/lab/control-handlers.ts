// The commands of protocol.ts that are about the control and relays.
import { type Control } from "./control.ts";
import { openRelay } from "./relay/relay.ts";
import type { Relay } from "./relay/relay.ts";
import type { Handlers } from "./protocol.ts";

export const relayHandlers = (relays: Map<string, Relay>): Pick<Handlers, "open-relay" | "close-relay"> => ({
  "open-relay": async ({ id, ...order }) => {
    if (relays.has(id)) throw new Error(`The relay ${JSON.stringify(id)} already exists`);
    const relay = await openRelay(order);
    relays.set(id, relay);
    return { port: relay.port };
  },
  "close-relay": async ({ id }) => {
    const relay = relays.get(id);
    relays.delete(id);
    await relay?.close();
    return {};
  },
});

export const controlHandlers = (control: Control): Pick<Handlers, "start-control" | "stop-control" | "open-control-sink" | "control"> => ({
  "start-control": async ({ target, protocol }) => {
    await control.start(target, protocol);
    return {};
  },
  "stop-control": ({ protocol }) => {
    control.stop(protocol);
    return {};
  },
  "open-control-sink": async ({ listen }) => ({ port: await control.openSink(listen) }),
  control: ({ fromAt, toAt, protocol, least }) =>
    toAt === null ? control.windowSince(fromAt, protocol) : control.window(fromAt, toAt, protocol, least),
});
