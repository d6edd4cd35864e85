// A client's connection of HTTP/3. Another program speaks it (runtime/http3): it reports what arrives, and sends what it is ordered to send. Each
// of its exchanges looks like an HTTP/1.1 connection to its user.
import { EventEmitter } from "node:events";
import { connect } from "node:net";
import type { Socket } from "node:net";
import { Readable } from "node:stream";
import type { Closing } from "../model/recording.ts";
import { BlockedLog, union } from "./blocked.ts";
import { frameChannel } from "./channel.ts";
import type { FrameChannel } from "./channel.ts";
import { chunkOf, ClientFault, CutByFrame, headAsHttp1, withoutConnection } from "./client-connection.ts";
import type { ClientConnection, Events, RequestToSend, Sign } from "./client-connection.ts";
import { now } from "./clock.ts";
import type { Address } from "./protocol.ts";
import { readSlowly } from "./slow-reading.ts";

/** What the program reports. `number`: of the request, as the lab counts them. */
type Report =
  | { is: "connected"; port: number }
  | { is: "head"; number: number; fields: [name: string, value: string][] }
  | { is: "data"; number: number; bytes: Uint8Array }
  | { is: "end"; number: number }
  /** RESET_STREAM. */
  | { is: "reset"; number: number; code: string }
  /** The window of a stream is exhausted; null: the program itself has more to read than it has read. */
  | { is: "blocked" | "unblocked"; number: number | null }
  /** CONNECTION_CLOSE. */
  | { is: "closed"; code: string }
  /** Nothing listens there. */
  | { is: "refused"; why: string }
  /** The connection was silent for too long. */
  | { is: "idle" }
  /** The other side broke the protocol, so that the program closed the connection. */
  | { is: "unreadable"; why: string }
  /** The program itself failed. */
  | { is: "failed"; why: string };

type Order =
  | { do: "connect"; host: string; port: number; serverName: string; isSlow: boolean; timeScale: number }
  | { do: "request"; number: number; headers: [name: string, value: string][]; isLast: boolean; bytes?: Uint8Array }
  | { do: "content"; number: number; isLast: boolean; bytes?: Uint8Array }
  /** Extends the window by the number of bytes that the reader took. */
  | { do: "taken"; number: number; count: number }
  /** STOP_SENDING and RESET_STREAM, both with H3_REQUEST_CANCELLED: RFC 9114 §4.1.1. */
  | { do: "cancel"; number: number }
  /** CONNECTION_CLOSE, with H3_NO_ERROR or with H3_INTERNAL_ERROR. */
  | { do: "leave"; isInOrder: boolean };

export interface Http3Means {
  /** Where the program takes orders. */
  program: Address;
  /** How many times faster the server's clock runs: it is pinged as often by its own clock. Default 1. */
  timeScale?: number;
}

export interface Http3Options extends Http3Means {
  serverName: string;
  readBytesPerSecond?: number | null;
}

export const connectHttp3 = (target: Address, options: Http3Options): ClientConnection => new Http3Connection(target, options).open();

const cutBy = (frame: NonNullable<Closing["http3"]>["frame"], code: string): CutByFrame =>
  new CutByFrame({ how: "reset", http3: { frame, code } });

/** Reports on the whole connection. */
type Loss = Exclude<Report, { number: number | null } | { is: "connected" }>;

const errorOf = (report: Loss): Error => {
  if (report.is === "closed") return cutBy("CONNECTION_CLOSE", report.code);
  if (report.is === "idle") return cutBy(null, "the idle timeout of its QUIC connection");
  if (report.is === "unreadable") return cutBy(null, `what it sent is no HTTP/3: ${report.why}`);
  return report.is === "refused" ? new Error(report.why) : new ClientFault(`The lab's client for HTTP/3 failed: ${report.why}`);
};

class Http3Connection {
  readonly slowly: number | null;
  /** Of the program itself. */
  readonly programBlocked = new BlockedLog();
  localPort: number | null = null;
  readonly #socket: Socket;
  readonly #channel: FrameChannel;
  readonly #exchanges: Http3Exchange[] = [];
  #isOver = false;

  constructor(target: Address, { program, serverName, timeScale = 1, readBytesPerSecond = null }: Http3Options) {
    this.slowly = readBytesPerSecond;
    this.#socket = connect({ host: program.host, port: program.port, noDelay: true });
    this.#channel = frameChannel(this.#socket, {
      onFrame: (report) => this.#take(report as Report),
      onClosed: () => this.#lost(new ClientFault("The lab's client for HTTP/3 has gone")),
    });
    this.order({ do: "connect", ...target, serverName, isSlow: readBytesPerSecond !== null, timeScale });
  }

  get isConnected(): boolean {
    return this.localPort !== null;
  }

  open(): ClientConnection {
    const exchange = new Http3Exchange(this, this.#exchanges.length);
    this.#exchanges.push(exchange);
    if (this.#isOver) setImmediate(() => exchange.lost(new Error("the connection is gone")));
    else if (this.isConnected) setImmediate(() => exchange.begin());
    return exchange.connection;
  }

  order(order: Order): void {
    this.#channel.send(order);
  }

  /** Whether another exchange still expects something. */
  get isUsed(): boolean {
    return this.#exchanges.some(({ isOver }) => !isOver);
  }

  leave(isInOrder: boolean): void {
    this.order({ do: "leave", isInOrder });
    this.#channel.end();
    this.#isOver = true;
    for (const exchange of this.#exchanges) exchange.lost(new Error("the connection was closed"));
    setImmediate(() => this.#closeAll());
  }

  #take(report: Report): void {
    if (report.is === "connected") {
      this.localPort = report.port;
      for (const exchange of this.#exchanges) exchange.begin();
    } else if (!("number" in report)) this.#lost(errorOf(report));
    else if (report.number !== null) this.#exchanges[report.number]?.take(report);
    else if (report.is === "blocked") this.programBlocked.blocked(now());
    else if (report.is === "unblocked") this.programBlocked.unblocked(now());
  }

  #lost(error: Error): void {
    if (this.#isOver) return;
    this.#isOver = true;
    this.#channel.end();
    for (const exchange of this.#exchanges) exchange.lost(error);
    this.#closeAll();
  }

  #closeAll(): void {
    for (const exchange of this.#exchanges) exchange.closed();
  }
}

class Http3Exchange {
  readonly connection: ClientConnection;
  readonly #events = new EventEmitter<Events>();
  readonly #http3: Http3Connection;
  readonly #number: number;
  /** The content that has come, as far as it was not read. */
  readonly #content = new Readable({ read: () => {} });
  readonly #window = new BlockedLog();
  #method = "GET";
  #hasBody = true;
  #mayClose = false;
  #isClosed = false;
  /** All of it has come, though it may not be read yet. */
  #isComplete = false;
  /** Its end was reported, or it was canceled. */
  isOver = false;

  constructor(http3: Http3Connection, number: number) {
    this.#http3 = http3;
    this.#number = number;
    const take = (bytes: Buffer): void => {
      http3.order({ do: "taken", number, count: bytes.length });
      this.#events.emit("data", chunkOf(bytes));
    };
    if (http3.slowly === null) this.#content.on("data", take);
    else readSlowly(this.#content, http3.slowly, take);
    this.#content.once("end", () => this.#ended());
    this.connection = this.#asConnection();
  }

  begin(): void {
    this.#events.emit("connect");
  }

  take(report: Exclude<Report, Loss | { is: "connected" }>): void {
    if (report.is === "blocked") this.#window.blocked(now());
    else if (report.is === "unblocked") this.#window.unblocked(now());
    else if (this.isOver) return;
    else if (report.is === "head") this.#head(report.fields);
    else if (report.is === "data") this.#content.push(Buffer.from(report.bytes));
    else if (report.is === "end") this.#complete();
    else if (report.is === "reset") this.lost(cutBy("RESET_STREAM", report.code));
  }

  /** The response will not be completed. What came before is read first. */
  lost(error: Error): void {
    if (this.isOver || this.#isComplete) return;
    const report = (): void => {
      if (this.#finish()) this.#events.emit("error", error);
      if (this.#mayClose) this.closed();
    };
    if (this.#content.readableLength === 0) report();
    else this.#content.on("data", () => this.#content.readableLength === 0 && report());
  }

  /** What came before is read first. */
  closed(): void {
    this.#mayClose = true;
    if (!this.isOver || this.#isClosed) return;
    this.#isClosed = true;
    this.#events.emit("close");
  }

  #head(fields: [name: string, value: string][]): void {
    const status = Number(fields.find(([name]) => name === ":status")?.[1]);
    if (status >= 200) this.#hasBody = this.#method !== "HEAD" && status !== 204 && status !== 304;
    this.#events.emit("data", headAsHttp1(status, fields, status >= 200 && this.#hasBody));
  }

  #complete(): void {
    this.#isComplete = true;
    this.#content.push(null);
  }

  #ended(): void {
    if (this.#finish() && this.#hasBody) this.#events.emit("data", chunkOf(null));
    if (this.#mayClose) this.closed();
  }

  #send({ method, target, headers, content }: RequestToSend): void {
    this.#method = method;
    const host = headers.find(([name]) => name.toLowerCase() === "host")?.[1] ?? "";
    const hasMore = headers.some(([name]) => name.toLowerCase() === "transfer-encoding");
    this.#http3.order({
      do: "request",
      number: this.#number,
      headers: [[":method", method], [":scheme", "https"], [":authority", host], [":path", target], ...withoutConnection(headers)],
      isLast: !hasMore,
      ...(content === undefined ? {} : { bytes: Buffer.from(content) }),
    });
  }

  #cancel(): Sign {
    this.#finish();
    this.#http3.order({ do: "cancel", number: this.#number });
    setImmediate(() => this.closed());
    return { how: "reset", http3: { frame: "STOP_SENDING", code: "H3_REQUEST_CANCELLED" } };
  }

  /** Of the whole connection, unless another exchange still uses it. */
  #leave(isInOrder: boolean): Sign {
    this.#finish();
    if (isInOrder && this.#http3.isUsed) return this.#cancel();
    this.#http3.leave(isInOrder);
    const code = isInOrder ? "H3_NO_ERROR" : "H3_INTERNAL_ERROR";
    return { how: isInOrder ? "fin" : "reset", http3: { frame: "CONNECTION_CLOSE", code } };
  }

  /** Whether it was not over yet. */
  #finish(): boolean {
    if (this.isOver) return false;
    return (this.isOver = true);
  }

  #asConnection(): ClientConnection {
    const http3 = this.#http3;
    const parts: Omit<ClientConnection, "on" | "connecting" | "localPort"> = {
      send: (request) => this.#send(request),
      sendContent: (bytes) =>
        http3.order({ do: "content", number: this.#number, isLast: bytes === null, ...(bytes === null ? {} : { bytes }) }),
      leave: () => this.#leave(true),
      cancel: () => this.#cancel(),
      destroy: () => void (this.#isClosed || this.#leave(true)),
      pause: () => void this.#content.pause(),
      resume: () => void this.#content.resume(),
      resetAndDestroy: () => void this.#leave(false),
      blocked: (until) => union(this.#window.until(until), http3.programBlocked.until(until)),
      another: () => http3.open(),
    };
    return Object.defineProperties(Object.assign(this.#events, parts, { connecting: true, localPort: null }), {
      connecting: { get: () => !http3.isConnected },
      localPort: { get: () => http3.localPort },
    });
  }
}
