// The control: how long a straight pipe takes on this machine now, measured throughout the run: by HTTP/1.1 over TCP, and by each further
// protocol while clients use it.
//
//   source ── 64 bytes every 10 ms ──► straight pipe ──► sink, all timed by the lab's clock
import { connect, createServer, type Socket } from "node:net";
import type { ControlWindow } from "../model/recording.ts";
import type { ClientProtocol } from "../model/script.ts";
import { now } from "./clock.ts";
import { openEncryptedServer, startEncrypted } from "./control-encrypted.ts";
import type { Beginning, EncryptedServer } from "./control-encrypted.ts";
import { Transits } from "./control-transits.ts";
import type { Address } from "./protocol.ts";
import { listening, portOf } from "./tap.ts";

export interface Control {
  openSink: (listen: Address) => Promise<number>;
  /** `target`: a straight pipe to the sink; over HTTP/3 one that speaks it, and asks at the sink. */
  start: (target: Address, protocol?: ClientProtocol) => Promise<void>;
  stop: (protocol: ClientProtocol) => void;
  /** `least`: pooled with earlier samples until there are so many; default: 200. */
  window: (fromAt: number, toAt: number, protocol?: ClientProtocol, least?: number) => ControlWindow;
  /** The window until now, pooled with earlier samples, as soon as there are 200. */
  windowSince: (fromAt: number, protocol?: ClientProtocol) => Promise<ControlWindow>;
  close: () => void;
}

interface Running {
  transits: Transits;
  close: () => void;
}

/** What a connection begins with, by its first byte: TLS (RFC 8446 §5.1), HTTP/2's connection preface (RFC 9113 §3.4), and GET. The
 *  first message begins with the number 0 as a double, which has another first byte. */
const beginnings: ReadonlyMap<number | undefined, Beginning> = new Map([
  [0x16, "tls"],
  ["P".charCodeAt(0), "http2"],
  ["G".charCodeAt(0), "http1"],
]);

/** `http3`: where the program that speaks HTTP/3 takes orders. */
export const openControl = (http3: () => Address): Control => {
  const sockets = new Set<Socket>();
  const servers = new Set<ReturnType<typeof createServer>>();
  const running = new Map<ClientProtocol, Running>();
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
      const beginning = beginnings.get(first[0]);
      if (beginning === undefined || encrypted === null) return receive(socket, first, running.get("h1")?.transits);
      socket.pause();
      socket.unshift(first);
      encrypted.accept(socket, beginning);
    });
  };
  const transitsOf = (protocol: ClientProtocol): Transits => {
    const transits = running.get(protocol)?.transits;
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
    start: async (target, protocol = "h1") => {
      if (running.get(protocol)?.transits.fault === null) throw new Error("The control is running already");
      if (protocol === "h1") return void running.set(protocol, await startPlain(target, keep));
      encrypted ??= openEncryptedServer();
      const transits = new Transits();
      running.set(protocol, { transits, close: startEncrypted({ target, protocol, http3 }, encrypted, transits) });
    },
    stop: (protocol) => {
      running.get(protocol)?.close();
      running.delete(protocol);
    },
    window: (fromAt, toAt, protocol = "h1", least) => transitsOf(protocol).window(fromAt, toAt, least),
    windowSince: async (fromAt, protocol = "h1") => transitsOf(protocol).windowSince(fromAt),
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
