// A client's HTTP/2 connection and its exchanges, each of which looks like an HTTP/1.1 connection to its user.
import type { EventEmitter } from "node:events";
import { connect, constants } from "node:http2";
import type { ClientHttp2Session, ClientHttp2Stream } from "node:http2";
import type { Socket } from "node:net";
import type { Duplex } from "node:stream";
import type { Interval } from "./blocked.ts";
import type { HeaderList } from "../model/script.ts";
import { chunkOf, CutByFrame, headAsHttp1, withoutConnection } from "./client-connection.ts";
import type { Events, RequestToSend, Sign } from "./client-connection.ts";
import { afterAll, Seam } from "./client-seam.ts";
import { now } from "./clock.ts";
import { Http2Watch } from "./http2-watch.ts";
import { readSlowly } from "./slow-reading.ts";
import { usualHost } from "../model/usual-host.ts";

/** The windows of Chrome: a client that reads immediately never exhausts them. */
const browserWindows = { stream: 6 * 1024 * 1024, connection: 15 * 1024 * 1024 };
/** The longest wait for an answer to GOAWAY. */
const farewellMs = 100;

export class Http2Connection {
  readonly watch: Http2Watch;
  readonly #raw: Socket;
  readonly #scheme: "http" | "https";
  readonly #session: ClientHttp2Session;
  readonly #seam: Seam;
  readonly #slowly: number | null;
  /** The exchanges that still expect something. */
  readonly #open = new Set<Http2Exchange>();
  readonly #unclosed = new Set<Http2Exchange>();
  /** The connection has ended. The session learns of it after everything before was read. */
  #end: (() => void) | null = null;

  /** `upper`: TLS on the connection, or the connection itself. */
  constructor(upper: Duplex, raw: Socket, slowly: number | null) {
    this.#raw = raw;
    this.#slowly = slowly;
    // By then everything before it has been processed and delivered.
    this.watch = new Http2Watch(() => afterAll(() => this.#each((exchange) => exchange.reportReset())));
    this.#seam = new Seam(upper, {
      received: (bytes) => this.watch.received(now(), bytes),
      sent: (bytes) => this.watch.sent(now(), bytes),
      beforeEnd: (end) => {
        this.#end = end;
        this.#endIfRead();
      },
    });
    // Before the session destroys its streams.
    this.#seam.once("end", () => this.#each((exchange) => exchange.connectionEnded()));
    this.#seam.on("error", (error) => this.#each((exchange) => exchange.connectionLost(error)));
    this.#scheme = upper === raw ? "http" : "https";
    this.#session = connect(`${this.#scheme}://${usualHost}`, {
      createConnection: () => this.#seam,
      // A slow reader keeps the small default windows, so that the other side is blocked early.
      settings: { enablePush: false, ...(slowly === null ? { initialWindowSize: browserWindows.stream } : {}) },
    });
    if (slowly === null) this.#session.once("connect", () => this.#session.setLocalWindowSize(browserWindows.connection));
    this.#session.on("error", (error: Error) => this.#each((exchange) => exchange.connectionLost(error)));
    raw.once("close", () =>
      afterAll(() => {
        this.#each((exchange) => exchange.connectionLost(new Error("the connection was closed")));
        this.#closeAll();
      }),
    );
  }

  open(events: EventEmitter<Events>): Http2Exchange {
    const exchange = new Http2Exchange(this, events);
    this.#open.add(exchange);
    this.#unclosed.add(exchange);
    return exchange;
  }

  request({ method, target, headers }: RequestToSend): ClientHttp2Stream {
    const host = headers.find(([name]) => name.toLowerCase() === "host")?.[1] ?? "";
    return this.#session.request({
      ":method": method,
      ":path": target,
      ":authority": host,
      ":scheme": this.#scheme,
      ...Object.fromEntries(withoutConnection(headers)),
    });
  }

  read(stream: ClientHttp2Stream, take: (bytes: Buffer) => void): void {
    if (this.#slowly === null) stream.on("data", take);
    else
      readSlowly(stream, this.#slowly, (bytes) => {
        take(bytes);
        this.#endIfRead();
      });
  }

  /** It expects nothing more. */
  isOver(exchange: Http2Exchange): void {
    this.#open.delete(exchange);
  }

  isClosed(exchange: Http2Exchange): void {
    this.#unclosed.delete(exchange);
  }

  get isUsed(): boolean {
    return this.#open.size > 0;
  }

  close(): Sign {
    if (!this.#session.destroyed) this.#session.goaway(constants.NGHTTP2_NO_ERROR);
    // Node writes frames in the next turn of the event loop.
    setImmediate(() => this.#seam.end(() => this.#raw.destroy()));
    setTimeout(() => this.#raw.destroy(), farewellMs).unref();
    return { how: "fin", http2: { frame: "GOAWAY", code: "NO_ERROR" } };
  }

  destroy(): void {
    if (this.#raw.closed) setImmediate(() => this.#closeAll());
    else this.#raw.destroy();
  }

  #closeAll(): void {
    for (const exchange of this.#unclosed) exchange.closed();
  }

  #endIfRead(): void {
    if (this.#open.values().every(({ isRead }) => isRead)) this.#end?.();
  }

  #each(act: (exchange: Http2Exchange) => void): void {
    for (const exchange of this.#open) act(exchange);
  }
}

export class Http2Exchange {
  readonly #connection: Http2Connection;
  readonly #events: EventEmitter<Events>;
  #stream: ClientHttp2Stream | null = null;
  #hasBody = true;
  /** Its end was reported, or it was canceled. */
  #isOver = false;
  #isClosed = false;

  constructor(connection: Http2Connection, events: EventEmitter<Events>) {
    this.#connection = connection;
    this.#events = events;
  }

  send(request: RequestToSend): void {
    try {
      this.#listen((this.#stream = this.#connection.request(request)), request.method);
      if (request.content !== undefined) this.#stream.end(request.content);
    } catch (error) {
      // The connection is about to end, or HTTP/2 does not allow a field.
      if (this.#finish()) this.#events.emit("error", error as Error);
    }
  }

  pause(): void {
    this.#stream?.pause();
  }

  resume(): void {
    this.#stream?.resume();
  }

  sendContent(bytes: Buffer | null): void {
    if (bytes === null) this.#stream?.end();
    else this.#stream?.write(bytes);
  }

  leave(): Sign {
    this.#finish();
    if (!this.#connection.isUsed) return this.#connection.close();
    return this.#cancelStream();
  }

  cancel(): Sign {
    this.#finish();
    return this.#cancelStream();
  }

  destroy(): void {
    this.#finish();
    if (this.#connection.isUsed) this.#cancelStream();
    else this.#connection.destroy();
  }

  /** Nothing is left to be read. */
  get isRead(): boolean {
    return this.#stream === null || this.#stream.readableLength === 0;
  }

  blocked(until: number): Interval[] {
    return this.#stream?.id === undefined ? [] : this.#connection.watch.blockedOf(this.#stream.id, until);
  }

  /** FIN, and everything before it has been read. */
  connectionEnded(): void {
    if (this.#reportEnd() || !this.#finish()) return;
    const { goaway } = this.#connection.watch;
    this.#events.emit("end", { how: "fin", ...(goaway === null ? {} : { http2: { frame: "GOAWAY", code: goaway } }) });
  }

  connectionLost(error: Error): void {
    if (!this.#reportEnd() && this.#finish()) this.#events.emit("error", error);
  }

  /** Read from the frames: what node:http2 reports depends on what came in the same read. */
  reportReset(): void {
    const stream = this.#stream;
    if (stream?.id === undefined || this.#isOver || this.#reportEnd()) return;
    const { goaway } = this.#connection.watch;
    const { resetWith } = this.#connection.watch.endOf(stream.id);
    // After GOAWAY streams may continue. Without either frame the connection was lost, which is reported separately.
    if (resetWith === null && (goaway === null || !stream.closed)) return;
    this.#finish();
    const http2 =
      resetWith === null ? { frame: "GOAWAY" as const, code: goaway as string } : { frame: "RST_STREAM" as const, code: resetWith };
    this.#events.emit("error", new CutByFrame({ how: "reset", http2 }));
  }

  closed(): void {
    if (this.#isClosed) return;
    this.#isClosed = true;
    this.#connection.isClosed(this);
    this.#events.emit("close");
  }

  #cancelStream(): Sign {
    const stream = this.#stream;
    if (stream === null || stream.destroyed) setImmediate(() => this.closed());
    else {
      stream.once("close", () => this.closed());
      if (stream.closed) stream.destroy();
      else stream.close(constants.NGHTTP2_CANCEL);
    }
    return { how: "reset", http2: { frame: "RST_STREAM", code: "CANCEL" } };
  }

  #listen(stream: ClientHttp2Stream, method: string): void {
    stream.on("headers", (headers) => this.#head(headers, false));
    stream.once("response", (headers) => {
      const status = Number(headers[":status"]);
      this.#hasBody = method !== "HEAD" && status !== 204 && status !== 304;
      this.#head(headers, this.#hasBody);
      // Not earlier: data in the same read as the header section would be reported before it.
      this.#connection.read(stream, (bytes) => this.#events.emit("data", chunkOf(bytes)));
    });
    stream.once("end", () => this.#reportEnd());
    // The error is read from the frames, when the stream closes.
    stream.on("error", () => {});
    stream.once("close", () => this.reportReset());
  }

  #head(headers: Record<string, string | string[] | number | undefined>, hasBody: boolean): void {
    const fields = Object.entries(headers).flatMap(([name, value]): HeaderList =>
      value === undefined ? [] : [value].flat().map((one) => [name, String(one)]),
    );
    this.#events.emit("data", headAsHttp1(String(headers[":status"]), fields, hasBody));
  }

  /** Whether END_STREAM ended the response: node:http2 reports a reset with NO_ERROR in the same way. */
  #reportEnd(): boolean {
    const stream = this.#stream;
    if (stream?.id === undefined || !this.isRead || !this.#connection.watch.endOf(stream.id).hasEnded) return false;
    if (this.#finish() && this.#hasBody) this.#events.emit("data", chunkOf(null));
    return true;
  }

  /** Whether it was not over yet. */
  #finish(): boolean {
    if (this.#isOver) return false;
    this.#isOver = true;
    this.#connection.isOver(this);
    return true;
  }
}
