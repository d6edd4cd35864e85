// The scripted origin: a plain server that answers each request by the script of the arm that the request names.
import { createServer, type Socket } from "node:net";
import { warmUp } from "../model/body.ts";
import type { OriginRecording } from "../model/recording.ts";
import type { Script } from "../model/script.ts";
import { now } from "./clock.ts";
import { headerValue, type MessageEvent, type RequestHead, requestParser } from "./http1.ts";
import { emptyRecording, OriginExchange } from "./origin-exchange.ts";
import { closesAfter, mayUpgrade, pathOf, shortResponse } from "./origin-head.ts";
import { playScript } from "./origin-script.ts";
import { queryParameter, requestHeader } from "./protocol.ts";
import { endedBefore, type TapConnection } from "./tap-connection.ts";
import { listening, portOf } from "./tap.ts";
import type { Tally } from "./wait.ts";

/** An arm as the origin knows it. */
export interface OriginArm {
  script: Script;
  /** Paths that are answered with an empty 200. */
  asides: readonly string[];
  /** The records that a client holds whole. */
  held: (client: number) => Tally;
  began: (exchange: OriginExchange) => void;
  /** A request that could not be read, but names the arm. */
  misread: (recording: OriginRecording) => void;
}

export interface OriginOptions {
  armOf: (token: string) => OriginArm | undefined;
  tapAt: (port: number) => TapConnection | undefined;
}

export interface Origin {
  port: number;
  connectionCount: () => number;
  close: () => Promise<void>;
}

export const openOrigin = async (options: OriginOptions): Promise<Origin> => {
  warmUp();
  const sockets = new Set<Socket>();
  const server = createServer({ allowHalfOpen: true, noDelay: true }, (socket) => {
    sockets.add(socket);
    socket.on("close", () => sockets.delete(socket));
    serve(socket, options);
  });
  await listening(server, { host: "127.0.0.1", port: 0 });
  return {
    port: portOf(server),
    connectionCount: () => Array.from(sockets).filter(({ destroyed }) => !destroyed).length,
    close: async () => {
      const closed = new Promise((resolve) => server.close(resolve));
      for (const socket of sockets) socket.destroy();
      await closed;
    },
  };
};

interface Asked {
  head: RequestHead;
  at: number;
}

/** What is kept of a request that turns out to be unreadable. */
const rememberedBytes = 16 * 1024;

const serve = (socket: Socket, { armOf, tapAt }: OriginOptions): void => {
  const parser = requestParser();
  const queue: Asked[] = [];
  let asked: Asked | null = null;
  let current: OriginExchange | null = null;
  let raw = "";

  const tapOf = (): TapConnection | undefined => tapAt(socket.remotePort ?? 0);

  const next = (): void => {
    const request = current === null && !socket.writableEnded ? queue.shift() : undefined;
    if (!request) return;
    const name = headerValue(request.head.headers, requestHeader);
    const { arm, client } = armNamedBy(name, request.head.target, armOf);
    if (!arm) {
      socket.write(shortResponse(404, "No arm of Hopwise's asks for this.\n", request.head));
      if (closesAfter(request.head)) socket.end();
      else next();
      return;
    }
    if (arm.asides.includes(pathOf(request.head.target))) {
      socket.write(shortResponse(200, "", request.head));
      if (closesAfter(request.head)) socket.end();
      else next();
      return;
    }
    if (arm.script.status === 101 && !mayUpgrade(request.head)) {
      socket.end(shortResponse(426, "This wants an upgrade to WebSocket.\n", request.head));
      return;
    }
    const exchange = new OriginExchange({ socket, tap: tapOf(), script: arm.script, request: request.head, name, startedAt: request.at });
    current = exchange;
    arm.began(exchange);
    void playScript(exchange, arm.held(client)).then(() => {
      if (exchange.recording.endedAt !== null) current = null;
      if (exchange.recording.gone !== null) socket.destroy();
      exchange.over.trip();
      next();
    });
  };
  const misread = (problem: string, at: number): void => {
    const token = new RegExp(`${requestHeader}: *([a-z0-9]+)|${queryParameter}=([a-z0-9]+)`, "i").exec(raw);
    armOf(token?.[1] ?? token?.[2] ?? "")?.misread({
      ...emptyRecording(at, tapOf()?.number ?? -1),
      problem: `The request cannot be read: ${problem}`,
    });
    if (current === null) socket.end(shortResponse(400, `The request cannot be read: ${problem}\n`, null));
  };
  const take = (event: MessageEvent, at: number): void => {
    if (event.kind === "head" && "method" in event.head) asked = { head: event.head, at };
    if (event.kind === "problem") misread(event.problem, at);
    if (event.kind !== "end" || asked === null) return;
    queue.push(asked);
    asked = null;
    raw = "";
    next();
  };
  const leave = (how: "fin" | "reset"): void => {
    current?.left(how);
    // A script that is being played stops first.
    if (current === null ? how === "fin" : current.over.isTripped) socket.end();
  };
  socket.on("data", (bytes: Buffer) => {
    const at = now();
    raw = (raw + bytes.toString("latin1", 0, rememberedBytes)).slice(0, rememberedBytes);
    for (const event of parser.push(bytes)) take(event, at);
  });
  socket.on("end", () => leave("fin"));
  socket.on("error", (error) => leave(endedBefore(error) ? "fin" : "reset"));
};

const armNamedBy = (name: string | null, target: string, armOf: OriginOptions["armOf"]): { arm: OriginArm | undefined; client: number } => {
  const [, token = "", client = "0"] = /^([a-z0-9]+)\.(\d+)/.exec(name ?? "") ?? [];
  const named = armOf(token);
  if (named) return { arm: named, client: Number(client) };
  const [, inQuery = ""] = new RegExp(`[?&]${queryParameter}=([a-z0-9]+)`).exec(target) ?? [];
  return { arm: armOf(inQuery), client: 0 };
};
