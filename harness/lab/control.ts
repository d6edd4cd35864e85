// The control: how long a straight pipe takes on this machine now, measured throughout the run: over plain TCP, and over each further client
// stack while clients use it.
//
//   source ── 64 bytes every 10 ms ──► straight pipe ──► sink, all timed by the lab's clock
import { connect, createServer, type Socket } from "node:net";
import type { ControlWindow } from "../model/recording.ts";
import type { Alpn, ClientStack } from "../model/script.ts";
import { now } from "./clock.ts";
import { openEncryptedServer, startEncrypted } from "./control-encrypted.ts";
import type { EncryptedServer } from "./control-encrypted.ts";
import { Transits } from "./control-transits.ts";
import type { Address } from "./protocol.ts";
import { listening, portOf } from "./tap.ts";

export interface Control {
  openSink: (listen: Address) => Promise<number>;
  /** `target`: a straight pipe to the sink. */
  start: (target: Address, stack?: ClientStack) => Promise<void>;
  stop: (stack: ClientStack) => void;
  window: (fromAt: number, toAt: number, stack?: ClientStack) => ControlWindow;
  /** The window until now, pooled with earlier samples, as soon as there are 200. */
  windowSince: (fromAt: number, stack?: ClientStack) => Promise<ControlWindow>;
  close: () => void;
}

interface Running {
  transits: Transits;
  close: () => void;
}

const alpns = { tls: "http/1.1", h2: "h2" } as const satisfies Record<Exclude<ClientStack, "tcp">, Alpn>;

/** The first byte of a TLS connection (RFC 8446 §5.1). Messages begin with a number ≥ 0 as a double, which has another first byte. */
const tlsHandshake = 0x16;

export const openControl = (): Control => {
  const sockets = new Set<Socket>();
  const servers = new Set<ReturnType<typeof createServer>>();
  const running = new Map<ClientStack, Running>();
  let encrypted: EncryptedServer | null = null;
  let isClosed = false;

  const keep = (socket: Socket): void => {
    sockets.add(socket);
    socket.on("error", () => {});
    socket.on("close", () => sockets.delete(socket));
  };
  const accept = (socket: Socket): void => {
    keep(socket);
    socket.once("data", (first: Buffer) => {
      if (first[0] !== tlsHandshake || encrypted === null) return receive(socket, first, running.get("tcp")?.transits);
      socket.pause();
      socket.unshift(first);
      encrypted.accept(socket);
    });
  };
  const transitsOf = (stack: ClientStack): Transits => {
    const transits = running.get(stack)?.transits;
    if (isClosed) throw new Error("The control was closed");
    if (!transits) throw new Error("The control was not started");
    return transits;
  };
  return {
    openSink: async (listen) => {
      const server = createServer({ noDelay: true }, accept);
      await listening(server, listen);
      servers.add(server);
      return portOf(server);
    },
    start: async (target, stack = "tcp") => {
      if (running.get(stack)?.transits.fault === null) throw new Error("The control is running already");
      if (stack === "tcp") return void running.set(stack, await startPlain(target, keep));
      encrypted ??= openEncryptedServer();
      const transits = new Transits();
      running.set(stack, { transits, close: startEncrypted(target, alpns[stack], encrypted, transits) });
    },
    stop: (stack) => {
      running.get(stack)?.close();
      running.delete(stack);
    },
    window: (fromAt, toAt, stack = "tcp") => transitsOf(stack).window(fromAt, toAt),
    windowSince: async (fromAt, stack = "tcp") => transitsOf(stack).windowSince(fromAt),
    close: () => {
      isClosed = true;
      for (const { transits, close } of running.values()) {
        transits.fail("The control was closed");
        close();
      }
      for (const socket of sockets) socket.destroy();
      for (const server of servers) server.close();
    },
  };
};

const receive = (socket: Socket, first: Buffer, transits: Transits | undefined): void => {
  const take = (bytes: Buffer): void => transits?.arrive(now(), bytes);
  take(first);
  socket.on("data", take);
  socket.on("close", () => transits?.fail("The control's connection to its sink was closed"));
};

const startPlain = async (target: Address, keep: (socket: Socket) => void): Promise<Running> => {
  const transits = new Transits();
  const socket = connect({ ...target, noDelay: true });
  await new Promise<void>((resolve, reject) => {
    socket.once("connect", resolve);
    socket.once("error", (error) =>
      reject(new Error(`The control cannot reach its pipe at ${target.host}:${target.port}: ${error.message}`)),
    );
  });
  keep(socket);
  socket.on("close", () => transits.fail("The control's connection to its pipe was closed"));
  socket.resume();
  transits.start((message) => void socket.write(message));
  return { transits, close: () => socket.destroy() };
};
