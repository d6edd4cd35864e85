// A relay in front of the container engine's socket that fails the requests that it is asked to fail.
import { mkdtemp, rm } from "node:fs/promises";
import { createServer, request } from "node:http";
import type { IncomingMessage, ServerResponse } from "node:http";
import { connect, createServer as createTcpServer } from "node:net";
import type { Socket } from "node:net";
import { tmpdir } from "node:os";
import { join as joinPath } from "node:path";
import { buffer } from "node:stream/consumers";

/** `error`: the engine's own kind of answer. `reset`: the connection is gone after the request was sent. `short`: the answer ends after its first
 *  piece, and what the engine does about the request goes on. An archive that a container unpacks itself has only `reset`: the connection is gone
 *  when all of its files but the last have been sent. */
export type Fault = "error" | "reset" | "short" | null;

export interface Asked {
  /** create, start, archive, exec, exec-start, exec-state, kill, remove, or the path. */
  call: string;
  /** How many of this kind came before it. */
  before: number;
  /** Of an archive that is unpacked in a container, by the engine or by itself: its text. */
  text: string;
}

export interface EngineRelay extends AsyncDisposable {
  /** For DOCKER_HOST. */
  address: string;
  /** What was asked so far. */
  asked: Asked[];
  /** What was failed. */
  failed: Asked[];
}

const calls: [method: string, path: RegExp, call: string][] = [
  ["POST", /\/containers\/create/, "create"],
  ["POST", /\/containers\/[^/]+\/start/, "start"],
  ["PUT", /\/containers\/[^/]+\/archive/, "archive"],
  ["POST", /\/containers\/[^/]+\/exec/, "exec"],
  ["POST", /\/exec\/[^/]+\/start/, "exec-start"],
  ["GET", /\/exec\/[^/]+\/json/, "exec-state"],
  ["POST", /\/containers\/[^/]+\/kill/, "kill"],
  ["DELETE", /\/containers\/[^/]+/, "remove"],
];

const callOf = ({ method, url = "" }: IncomingMessage): string =>
  calls.find(([verb, path]) => verb === method && path.test(url))?.[2] ?? `${method} ${url}`;

/** Two blocks of zeros (POSIX.1, pax). */
const endOfArchive = 1024;
/** The last file is empty. */
const headerOfLast = 512;
const isArchive = (bytes: Buffer): boolean => bytes.toString("latin1", 257, 262) === "ustar";
const isWholeArchive = (bytes: Buffer): boolean =>
  isArchive(bytes) && bytes.length % 512 === 0 && bytes.subarray(-endOfArchive).every((byte) => byte === 0);

/** What comes first: a whole archive, or the first bytes of something else. */
const readFirst = async (socket: Socket): Promise<Buffer> => {
  let read: Buffer = Buffer.alloc(0);
  for await (const piece of socket.iterator({ destroyOnReturn: false })) {
    read = Buffer.concat([read, piece as Buffer]);
    if (!isArchive(read) || isWholeArchive(read)) break;
  }
  return read;
};

export const openEngineRelay = async (socketPath: string, faultOf: (asked: Asked) => Fault): Promise<EngineRelay> => {
  const folder = await mkdtemp(joinPath(tmpdir(), "hopwise-relay-"));
  const path = joinPath(folder, "docker.sock");
  const open = new Set<Socket>();
  const [asked, failed]: [Asked[], Asked[]] = [[], []];

  const note = (call: string, text: string): Fault => {
    const one = { call, before: asked.filter((other) => other.call === call).length, text };
    asked.push(one);
    const fault = faultOf(one);
    if (fault !== null) failed.push(one);
    return fault;
  };
  const forward = (incoming: IncomingMessage): ReturnType<typeof request> =>
    request({ socketPath, method: incoming.method ?? "GET", path: incoming.url ?? "/", headers: incoming.headers });

  const pass = async (incoming: IncomingMessage, outgoing: ServerResponse): Promise<void> => {
    // Only archives are looked into; everything else is passed on as it comes.
    const body = callOf(incoming) === "archive" ? await buffer(incoming) : null;
    const fault = note(callOf(incoming), body?.toString("latin1") ?? "");
    if (fault === "reset") incoming.socket.destroy();
    else if (fault === "error") {
      incoming.resume();
      outgoing.writeHead(500, { "content-type": "application/json" }).end('{"message":"the relay was asked to fail this"}');
    } else {
      const upstream = forward(incoming);
      upstream.on("response", (answer) => {
        // No connection is used twice: each is looked at when it begins.
        outgoing.writeHead(answer.statusCode ?? 502, { ...answer.headers, connection: "close" });
        outgoing.flushHeaders();
        if (fault === "short") answer.once("data", (piece: Buffer) => outgoing.end(piece));
        else answer.pipe(outgoing);
      });
      upstream.on("error", () => outgoing.destroy());
      if (fault !== "short") outgoing.on("close", () => upstream.destroy());
      if (body) upstream.end(body);
      else incoming.pipe(upstream);
    }
  };
  const http = createServer((incoming, outgoing) => void pass(incoming, outgoing));
  /** What becomes a connection of its own is passed on byte by byte, an archive as a whole. */
  const join = (downstream: Socket, first: Buffer): void => {
    const upstream = connect({ path: socketPath });
    open.add(upstream);
    upstream.write(first);
    upstream.pipe(downstream);
    passInput(downstream, upstream).catch(() => downstream.destroy());
    for (const side of [upstream, downstream]) {
      side.on("error", () => {});
      side.on("close", () => [upstream, downstream].forEach((one) => one.destroy()));
    }
  };
  const passInput = async (downstream: Socket, upstream: Socket): Promise<void> => {
    const archive = await readFirst(downstream);
    if (isWholeArchive(archive) && note("archive", archive.toString("latin1")) !== null)
      return void upstream.end(archive.subarray(0, -endOfArchive - headerOfLast), () => downstream.destroy());
    upstream.write(archive);
    downstream.pipe(upstream);
  };
  const server = createTcpServer((socket) => {
    open.add(socket);
    socket.on("close", () => open.delete(socket));
    socket.once("readable", () => {
      const first = socket.read() as Buffer | null;
      if (first && /^POST \S+\/attach\b/.test(first.toString("latin1", 0, 500))) return join(socket, first);
      if (first) socket.unshift(first);
      http.emit("connection", socket);
    });
  });
  await new Promise<void>((resolve, reject) => server.once("error", reject).listen(path, resolve));
  return {
    address: `unix://${path}`,
    asked,
    failed,
    [Symbol.asyncDispose]: async () => {
      for (const socket of open) socket.destroy();
      await new Promise((resolve) => server.close(resolve));
      await rm(folder, { recursive: true, force: true });
    },
  };
};
