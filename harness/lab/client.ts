// A scripted client: one request on a connection of its own, read strictly, never repeated.
import type { Socket } from "node:net";
import { recordOffsets } from "../model/body.ts";
import type { ClientRecording, ConnectionRecording } from "../model/recording.ts";
import type { ClientPlan, Script } from "../model/script.ts";
import { type BlockedLog, type Interval, union } from "./blocked.ts";
import { bytesOf, chunkOf, ClientFault, connectPlain, CutByFrame } from "./client-connection.ts";
import type { ClientConnection, RequestToSend, Sign } from "./client-connection.ts";
import { alpnOf, connectEncrypted, connectHttp2 } from "./client-encrypted.ts";
import { ClientEnd } from "./client-end.ts";
import { connectHttp3 } from "./client-http3.ts";
import type { Http3Means } from "./client-http3.ts";
import { requestOf } from "./client-request.ts";
import { recordCounter, type RecordCounter } from "./client-records.ts";
import { stallThenReadOn } from "./client-stall.ts";
import { now } from "./clock.ts";
import { type Http1Parser, type MessageEvent, responseParser } from "../decode/http1.ts";
import type { Address } from "./protocol.ts";
import { slowReading } from "./slow-reading.ts";
import { Latch, type Signal, type Tally } from "./wait.ts";
import { WireRecorder, wireOf } from "./wire.ts";

export interface ClientOptions {
  plan: ClientPlan;
  client: number;
  token: string;
  script: Script;
  target: Address;
  keepBytes: number;
  /** The client whose connection it uses, if its plan says so. */
  host?: Client;
  /** Over HTTP/3. */
  http3?: Http3Means;
  /** When the tap could not send to its port. */
  tapBlocked?: (port: number) => BlockedLog | undefined;
  /** It does not leave before. Absent: it may leave immediately. */
  mayLeave?: Latch;
  /** When response bytes last passed any tap. Absent: a stall is as long as planned. */
  lastResponseAt?: () => number;
}

/** How long the connection stays open after a complete response, so that stray bytes can arrive. */
const lingerMs = 50;

const byFin: Sign = { how: "fin" };
const byReset: Sign = { how: "reset" };

export class Client {
  readonly plan: ClientPlan;
  readonly startedAt = now();
  readonly closed = new Latch();
  readonly #options: ClientOptions;
  readonly #socket: ClientConnection;
  readonly #parser: Http1Parser;
  readonly #records: RecordCounter;
  readonly #wire: WireRecorder;
  /** The request, for taps that cannot read it. */
  readonly #sent: WireRecorder;
  readonly #problems: string[] = [];
  readonly #requestToSend: RequestToSend;
  readonly #end = new ClientEnd();
  #tapBlocked: BlockedLog | undefined;
  #connectedAt: number | null = null;
  #requestedAt: number | null = null;
  #lingerTimer: NodeJS.Timeout | null = null;
  #isGoing = false;
  #isStalling = false;
  #readOnAt: number | null = null;

  #fault: string | null = null;

  /** When the last bytes of the response came. */
  lastBytesAt = 0;

  constructor(options: ClientOptions) {
    this.#options = options;
    this.plan = options.plan;
    this.#wire = new WireRecorder(options.keepBytes);
    this.#sent = new WireRecorder(options.keepBytes);
    this.#parser = responseParser({ method: options.plan.method });
    this.#records = recordCounter(recordOffsets(options.script.body.recordBytes).slice(1), (records) => {
      this.#leaveIfDue(records);
      this.#stallIfDue(records);
    });
    this.#requestToSend = requestOf(options.plan, options.client, options.token);
    this.#socket = this.#connect();
    options.mayLeave?.signal(() => this.#leaveIfDue(this.held.value));
  }

  get ended(): Latch {
    return this.#end.ended;
  }

  /** Why the case proves nothing: this client itself failed. */
  get fault(): string | null {
    return this.#fault;
  }

  get held(): Tally {
    return this.#records.held;
  }

  giveUp(): void {
    this.#end.depart("gave-up", () => {
      if (!this.#socket.connecting) return this.#socket.leave();
      this.#socket.destroy();
      return byFin;
    });
  }

  /** A further request on its connection; null if the protocol has none. */
  another(): ClientConnection | null {
    return this.#socket.another?.() ?? null;
  }

  /** Ends it now, in any state. */
  destroy(): void {
    this.#end.depart("gave-up", () => byFin);
    this.#socket.destroy();
  }

  async recording(): Promise<ClientRecording> {
    await this.#records.settle(this.#end.value?.how === "complete");
    return {
      client: this.#options.client,
      startedAt: this.startedAt,
      connectedAt: this.#connectedAt,
      requestedAt: this.#requestedAt,
      response: await wireOf([this.#wire]),
      recordsAt: this.#records.recordsAt,
      ended: this.#end.value,
      ...(this.#readOnAt === null ? {} : { readOnAt: this.#readOnAt }),
      problems: [...this.#problems, ...this.#records.problems],
    };
  }

  /** The connection as this side saw it, if taps cannot read it; else null. */
  async ownRecording(tap: number): Promise<ConnectionRecording | null> {
    if (this.plan.protocol === "h1") return null;
    const request = new WireRecorder(this.#options.keepBytes);
    if (this.#requestedAt !== null) request.push(this.#requestedAt, bytesOf(this.#requestToSend));
    return {
      tap,
      connection: this.#options.client,
      openedAt: this.startedAt,
      connectedAt: this.#connectedAt,
      request: await wireOf([this.#sent]),
      response: await wireOf([this.#wire]),
      closings: this.#end.closings,
      blocked: this.#blocked(this.#end.value?.at ?? now()),
    };
  }

  /** By TCP and by flow-control windows. */
  #blocked(until: number): Interval[] {
    return union(this.#socket.blocked(until), this.#tapBlocked?.until(until) ?? []).filter(([from]) => from < until);
  }

  #connect(): ClientConnection {
    const socket = this.#options.host?.another() ?? this.#connectAlone();
    const { plan } = this;
    socket.on("connect", () => this.#request());
    if (plan.readBytesPerSecond === null || plan.protocol !== "h1") socket.on("data", (bytes: Buffer) => this.#read(bytes));
    socket.on("end", (sign) => this.#otherEnded(sign ?? byFin));
    socket.on("error", (error) => {
      if (error instanceof ClientFault) this.#fault ??= error.message;
      this.#end.cut(this.#connectedAt === null ? "refused" : "reset", error instanceof CutByFrame ? error.sign : byReset);
      socket.destroy();
    });
    socket.on("close", () => {
      this.#end.cut("reset", byReset);
      if (this.#lingerTimer !== null) clearTimeout(this.#lingerTimer);
      this.closed.trip();
    });
    return socket;
  }

  #connectAlone(): ClientConnection {
    const { target, plan } = this.#options;
    const slow = plan.readBytesPerSecond;
    if (plan.protocol === "h2c") return connectHttp2(target, slow);
    if (plan.protocol === "h3") return connectHttp3(target, { ...this.#http3(), serverName: plan.host, readBytesPerSecond: slow });
    if (plan.protocol !== "h1")
      return connectEncrypted(target, { serverName: plan.host, alpn: alpnOf[plan.protocol], readBytesPerSecond: slow });
    if (slow === null) return connectPlain(target, {});
    const socketOf = (): Socket => this.#socket as unknown as Socket;
    return connectPlain(
      target,
      slowReading(slow, (bytes) => this.#read(bytes), socketOf),
    );
  }

  #http3(): Http3Means {
    const { http3 } = this.#options;
    if (!http3) throw new Error("The lab's client for HTTP/3 was not started");
    return http3;
  }

  #request(): void {
    this.#connectedAt = now();
    this.#tapBlocked = this.#options.tapBlocked?.(this.#socket.localPort ?? 0);
    if (this.#end.value !== null) return;
    this.#requestedAt = now();
    this.#socket.send(this.#requestToSend);
    this.#sent.push(this.#requestedAt, bytesOf(this.#requestToSend));
    this.#upload();
    this.#leaveIfDue(0);
  }

  /** Piece by piece, then the end. */
  #upload(): void {
    const { upload } = this.plan;
    if (!upload) return;
    let left = upload.pieces;
    const next = (): void => {
      if (this.#end.value !== null) return;
      const piece = left-- > 0 ? Buffer.alloc(upload.pieceBytes, "u") : null;
      this.#socket.sendContent(piece);
      this.#sent.push(now(), chunkOf(piece));
      if (piece !== null) this.#end.after(upload.everyMs, next);
    };
    next();
  }

  #read(bytes: Buffer): void {
    // Bytes after it left or gave up do not count; bytes after a complete response are stray.
    if (this.#end.value !== null && this.#end.value.how !== "complete") return;
    const at = now();
    this.lastBytesAt = at;
    this.#wire.push(at, bytes);
    for (const event of this.#parser.push(bytes)) this.#take(event, at);
  }

  #take(event: MessageEvent, at: number): void {
    if (event.kind === "head" && "status" in event.head)
      this.#records.begin(event.head.headers, event.head.status !== this.#options.script.status);
    else if (event.kind === "content") this.#records.content(at, event.bytes);
    else if (event.kind === "problem") this.#problems.push(event.problem);
    else if (event.kind === "excess") this.#problems.push(`${event.bytes} stray bytes after the end of the response`);
    else if (event.kind === "end") this.#complete();
  }

  #complete(): void {
    if (!this.#end.finish("complete")) return;
    this.#lingerTimer = setTimeout(() => this.#socket.leave(), lingerMs);
  }

  #otherEnded(sign: Sign): void {
    // A close-delimited body is complete, unless TLS lacks the close_notify.
    this.#end.closed("upstream", sign, now());
    for (const event of this.#parser.close()) {
      if (event.kind !== "end" || sign.closeNotify !== false) this.#take(event, now());
      else this.#problems.push("the end of the connection is the end of the body, and TLS did not announce it (no close_notify)");
    }
    this.#end.cut("fin", sign);
    this.#socket.destroy();
  }

  #leaveIfDue(records: number): void {
    const { leave } = this.plan;
    if (leave === null || records < leave.records || this.#isGoing || this.#end.value !== null) return;
    if (this.#options.mayLeave?.isTripped === false) return;
    this.#isGoing = true;
    if (leave.afterMs === 0) this.#leave(leave.how);
    else this.#end.after(leave.afterMs, () => this.#leave(leave.how));
  }

  #stallIfDue(records: number): void {
    const { stall } = this.plan;
    if (stall === undefined || records < stall.records || this.#isStalling || this.#end.value !== null) return;
    this.#isStalling = true;
    this.#socket.pause();
    stallThenReadOn({
      forMs: stall.forMs,
      lastResponseAt: this.#options.lastResponseAt ?? (() => 0),
      after: (ms, act) => this.#end.after(ms, act),
      readOn: (at) => {
        this.#readOnAt = at;
        this.#socket.resume();
      },
    });
  }

  #leave(how: "fin" | "reset" | "cancel"): void {
    this.#end.depart("left", () => {
      if (how !== "reset") return how === "cancel" ? this.#socket.cancel() : this.#socket.leave();
      this.#socket.resetAndDestroy();
      return byReset;
    });
  }
}

/** Signals for `records` records, or for the end. */
export const hasReceived = (client: Client, has: { records: number } | "ended"): Signal[] =>
  has === "ended" ? [client.ended.signal] : [client.ended.signal, client.held.reaches(has.records)];
