// Raw sockets on both sides of a hop, and conditions to wait for. Nothing here knows HTTP beyond "an empty line ends a header section".
import { once } from "node:events";
import { connect, createServer } from "node:net";
import type { AddressInfo, Server, Socket } from "node:net";
import { createServer as createHttpServer } from "node:http";
import { promisify } from "node:util";
import { gunzip } from "node:zlib";
import type { NodeServer, Options, ServerDefinition } from "../../../harness/define.ts";

export type Gone = "fin" | "reset";

/** One end of a connection: what came, what ended it, and waiting for either. */
export class End {
  readonly socket: Socket;
  text = "";
  /** When each read came, and what it brought. */
  reads: { at: number; text: string }[] = [];
  /** Where the message begins that `head` and `rest` are about. */
  turn = 0;
  gone: Gone | null = null;
  goneAt = 0;
  #wake = new Set<() => void>();

  constructor(socket: Socket) {
    this.socket = socket.setNoDelay(true);
    const woken = (): void => this.#wake.forEach((check) => check());
    socket.on("data", (bytes) => {
      const text = bytes.toString("latin1");
      this.text += text;
      this.reads.push({ at: performance.now(), text });
      woken();
    });
    const ended = (how: Gone) => () => {
      this.gone ??= how;
      this.goneAt ||= performance.now();
      woken();
    };
    socket.on("end", ended("fin")).on("error", ended("reset")).on("close", ended("reset"));
  }

  /** Waits for a condition on what came; a test's own time limit is the only clock. */
  async until(condition: (end: this) => boolean): Promise<this> {
    if (condition(this)) return this;
    const { promise, resolve } = Promise.withResolvers<void>();
    const check = (): void => void (condition(this) && resolve());
    this.#wake.add(check);
    await promise;
    this.#wake.delete(check);
    return this;
  }

  has = (text: string): Promise<this> => this.until((end) => end.text.includes(text));
  left = async (): Promise<Gone> => (await this.until((end) => end.gone !== null)).gone ?? "reset";
  headers = (): Promise<this> => this.has("\r\n\r\n");
  /** Whether the last read ends so: cheap for a long text. */
  endsWith = (text: string): boolean => this.reads.at(-1)?.text.endsWith(text) ?? false;
  get head(): string {
    return this.text.slice(this.turn, this.text.indexOf("\r\n\r\n", this.turn) + 4);
  }
  get rest(): string {
    return this.text.slice(this.turn + this.head.length);
  }
  /** When the read came that completed `text`. */
  at(text: string): number {
    let whole = "";
    for (const read of this.reads) if ((whole += read.text).includes(text)) return read.at;
    return NaN;
  }

  send(text: string): this {
    this.socket.write(text, "latin1");
    return this;
  }
  chunk = (text: string): this => this.send(`${text.length.toString(16)}\r\n${text}\r\n`);
  last = (trailers = ""): this => this.send(`0\r\n${trailers}\r\n`);
  /** Starts a chunked response. */
  start = (headers = "", status = "200 OK"): this => this.send(`HTTP/1.1 ${status}\r\nTransfer-Encoding: chunked\r\n${headers}\r\n`);
  reset = (): void => void this.socket.resetAndDestroy();
  fin = (): void => void this.socket.end();
}

const portOf = (server: Server): number => (server.address() as AddressInfo).port;

const listen = async (server: Server): Promise<number> => {
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  return portOf(server);
};

const stopping = (server: Server, sockets: Set<Socket>) => async (): Promise<void> => {
  if (!server.listening) return;
  for (const socket of sockets) socket.destroy();
  server.close();
  await once(server, "close");
};

const track = (server: Server): Set<Socket> => {
  const sockets = new Set<Socket>();
  server.on("connection", (socket: Socket) => {
    sockets.add(socket);
    socket.on("close", () => sockets.delete(socket));
  });
  return sockets;
};

export interface Origin extends AsyncDisposable {
  port: number;
  url: URL;
  connections: End[];
  /** The connection of the next request, be it new or used again; its `head` and `rest` are that request's. */
  asked: () => Promise<End>;
}

export const startOrigin = async (): Promise<Origin> => {
  const connections: End[] = [];
  const ready: End[] = [];
  const waiting: ((end: End) => void)[] = [];
  const watch = async (end: End, from: number): Promise<void> => {
    const next = (): RegExpExecArray | null => {
      const pattern = /(GET|HEAD|POST) \S+ HTTP\/1\.[01]\r\n[^]*?\r\n\r\n/g;
      pattern.lastIndex = from;
      return pattern.exec(end.text);
    };
    await end.until(() => next() !== null);
    const match = next();
    end.turn = match?.index ?? 0;
    (waiting.shift() ?? ((asked: End) => ready.push(asked)))(end);
    void watch(end, end.turn + (match?.[0].length ?? 0));
  };
  const server = createServer({ allowHalfOpen: true }, (socket) => {
    const end = new End(socket);
    connections.push(end);
    void watch(end, 0);
  });
  const sockets = track(server);
  const port = await listen(server);
  const asked = (): Promise<End> => {
    const end = ready.shift();
    return end ? Promise.resolve(end) : new Promise((resolve) => waiting.push(resolve));
  };
  return { port, url: new URL(`http://127.0.0.1:${port}`), connections, asked, [Symbol.asyncDispose]: stopping(server, sockets) };
};

export interface Hop extends AsyncDisposable {
  port: number;
  ask: (request?: Partial<Request>) => End;
}

export interface Request {
  method: string;
  path: string;
  version: string;
  headers: string;
}

export const ask = (port: number, { method = "GET", path = "/", version = "1.1", headers = "" }: Partial<Request> = {}): End => {
  const end = new End(connect({ port, host: "127.0.0.1", allowHalfOpen: true }));
  return end.send(`${method} ${path} HTTP/${version}\r\nHost: test\r\n${headers}\r\n`);
};

/** Runs a Node server in this process. */
export const startHop = async (definition: ServerDefinition, upstream: URL, variant = "default", more: Options = {}): Promise<Hop> => {
  const { handler, server: whole, variants } = definition as NodeServer;
  const place = { upstream, options: { ...variants[variant]?.options, ...more } };
  const server = (await whole?.(place)) ?? createHttpServer(await handler?.(place));
  const sockets = track(server);
  const port = await listen(server);
  return { port, ask: (request) => ask(port, request), [Symbol.asyncDispose]: stopping(server, sockets) };
};

export const startHttp = async (handler: NonNullable<Parameters<typeof createHttpServer>[1]>): Promise<Hop> => {
  const server = createHttpServer(handler);
  const sockets = track(server);
  const port = await listen(server);
  return { port, ask: (request) => ask(port, request), [Symbol.asyncDispose]: stopping(server, sockets) };
};

/** The content of a chunked body so far; throws at a broken one. */
export const dechunk = (rest: string): { content: string; complete: boolean; after: string } => {
  let content = "";
  for (let at = 0; ;) {
    const line = rest.indexOf("\r\n", at);
    if (line < 0) return { content, complete: false, after: "" };
    const size = Number.parseInt(rest.slice(at, line), 16);
    if (Number.isNaN(size)) throw new Error(`Not a chunk: ${JSON.stringify(rest.slice(at, at + 40))}`);
    if (size === 0) {
      const end = rest.indexOf("\r\n\r\n", line - 2);
      return { content, complete: end >= 0, after: end < 0 ? "" : rest.slice(end + 4) };
    }
    if (rest.length < line + 2 + size) return { content: content + rest.slice(line + 2), complete: false, after: "" };
    content += rest.slice(line + 2, line + 2 + size);
    at = line + 2 + size + 2;
  }
};

export const contentOf = (end: End): string => dechunk(end.rest).content;
export const isComplete = (end: End): boolean => end.text.includes("\r\n\r\n") && dechunk(end.rest).complete;

export const inflated = async (content: string): Promise<string> =>
  (await promisify(gunzip)(Buffer.from(content, "latin1"))).toString("latin1");
