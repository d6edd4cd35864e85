// A scripted client: one request on a connection of its own, read strictly, never repeated.
import type { Socket } from "node:net";
import { recordOffsets } from "../model/body.ts";
import type { ClientRecording, Closing, ConnectionRecording } from "../model/recording.ts";
import type { ClientPlan, HeaderList, Script } from "../model/script.ts";
import { bytesOf, chunkOf, connectEncrypted, connectPlain, type ClientConnection, type RequestToSend } from "./client-connection.ts";
import { recordCounter, type RecordCounter } from "./client-records.ts";
import { now } from "./clock.ts";
import { type Http1Parser, type MessageEvent, responseParser } from "./http1.ts";
import { type Address, anyAccept, queryParameter, requestHeader, userAgent } from "./protocol.ts";
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
}

type How = NonNullable<ClientRecording["ended"]>["how"];

/** How long the connection is kept behind a complete response: bytes that follow one are a fault, and are only seen if they can come. */
const lingerMs = 50;

export class Client {
  readonly plan: ClientPlan;
  readonly startedAt = now();
  readonly ended = new Latch();
  readonly closed = new Latch();
  readonly #options: ClientOptions;
  readonly #socket: ClientConnection;
  readonly #parser: Http1Parser;
  readonly #records: RecordCounter;
  readonly #wire: WireRecorder;
  /** Of the request, for the taps that cannot read it. */
  readonly #sent: WireRecorder;
  readonly #problems: string[] = [];
  readonly #requestToSend: RequestToSend;
  readonly #closings: Closing[] = [];
  #connectedAt: number | null = null;
  #requestedAt: number | null = null;
  #end: { at: number; how: How } | null = null;
  #leaveTimer: NodeJS.Timeout | null = null;
  #lingerTimer: NodeJS.Timeout | null = null;
  #uploadTimer: NodeJS.Timeout | null = null;

  /** When the last bytes of the response came. */
  lastBytesAt = 0;

  constructor(options: ClientOptions) {
    this.#options = options;
    this.plan = options.plan;
    this.#wire = new WireRecorder(options.keepBytes);
    this.#sent = new WireRecorder(options.keepBytes);
    this.#parser = responseParser({ method: options.plan.method });
    this.#records = recordCounter(recordOffsets(options.script.body.recordBytes).slice(1), (records) => this.#leaveIfDue(records));
    this.#requestToSend = requestOf(options);
    this.#socket = this.#connect();
  }

  get held(): Tally {
    return this.#records.held;
  }

  giveUp(): void {
    if (!this.#finish("gave-up")) return;
    if (this.#socket.connecting) this.#socket.destroy();
    else this.#socket.leave();
  }

  /** Ends it now, whatever it was doing. */
  destroy(): void {
    this.#finish("gave-up");
    this.#socket.destroy();
  }

  async recording(): Promise<ClientRecording> {
    await this.#records.settle(this.#end?.how === "complete");
    return {
      client: this.#options.client,
      startedAt: this.startedAt,
      connectedAt: this.#connectedAt,
      requestedAt: this.#requestedAt,
      response: await wireOf([this.#wire]),
      recordsAt: this.#records.recordsAt,
      ended: this.#end,
      problems: [...this.#problems, ...this.#records.problems],
    };
  }

  /** What no tap can read: the connection as this side of it saw it. Null where a tap can. */
  async ownRecording(tap: number): Promise<ConnectionRecording | null> {
    if (this.plan.tls === null) return null;
    const request = new WireRecorder(this.#options.keepBytes);
    if (this.#requestedAt !== null) request.push(this.#requestedAt, bytesOf(this.#requestToSend));
    return {
      tap,
      connection: this.#options.client,
      openedAt: this.startedAt,
      connectedAt: this.#connectedAt,
      request: await wireOf([this.#sent]),
      response: await wireOf([this.#wire]),
      closings: this.#closings,
      blocked: [],
    };
  }

  #connect(): ClientConnection {
    const { target, plan } = this.#options;
    const slow = plan.readBytesPerSecond;
    const socket =
      plan.tls !== null
        ? connectEncrypted(target, { serverName: plan.host, alpn: plan.tls })
        : connectPlain(
            target,
            slow === null
              ? {}
              : slowReading(
                  slow,
                  (bytes) => this.#read(bytes),
                  () => this.#socket as unknown as Socket,
                ),
          );
    socket.on("connect", () => this.#request());
    if (slow === null || plan.tls !== null) socket.on("data", (bytes: Buffer) => this.#read(bytes));
    socket.on("end", () => this.#otherEnded());
    socket.on("error", () => {
      this.#finish(this.#connectedAt === null ? "refused" : "reset");
      socket.destroy();
    });
    socket.on("close", () => {
      this.#finish("reset");
      if (this.#lingerTimer !== null) clearTimeout(this.#lingerTimer);
      this.closed.trip();
    });
    return socket;
  }

  #request(): void {
    this.#connectedAt = now();
    if (this.#end !== null) return;
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
      if (this.#end !== null) return;
      const piece = left-- > 0 ? Buffer.alloc(upload.pieceBytes, "u") : null;
      this.#socket.sendContent(piece);
      this.#sent.push(now(), chunkOf(piece));
      if (piece !== null) this.#uploadTimer = setTimeout(next, upload.everyMs);
    };
    next();
  }

  #read(bytes: Buffer): void {
    // What comes after it has left or given up is nobody's; what comes behind a complete response is stray.
    if (this.#end !== null && this.#end.how !== "complete") return;
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
    else if (event.kind === "excess") this.#problems.push(`${event.bytes} stray bytes behind the end of the response`);
    else if (event.kind === "end") this.#complete();
  }

  #complete(): void {
    if (!this.#finish("complete")) return;
    this.#lingerTimer = setTimeout(() => this.#socket.leave(), lingerMs);
  }

  #otherEnded(): void {
    // What ends with the connection is complete by its closing.
    this.#closed("upstream", "fin");
    for (const event of this.#parser.close()) this.#take(event, now());
    this.#finish("fin");
    this.#socket.destroy();
  }

  #leaveIfDue(records: number): void {
    const { leave } = this.plan;
    if (leave === null || records < leave.records || this.#leaveTimer !== null || this.#end !== null) return;
    if (leave.afterMs === 0) this.#leave(leave.how);
    else this.#leaveTimer = setTimeout(() => this.#leave(leave.how), leave.afterMs);
  }

  #leave(how: "fin" | "reset"): void {
    if (!this.#finish("left")) return;
    if (how === "reset") this.#socket.resetAndDestroy();
    else this.#socket.leave();
  }

  /** The first of each side counts. */
  #closed(by: Closing["by"], how: Closing["how"]): void {
    if (!this.#closings.some((other) => other.by === by)) this.#closings.push({ at: now(), by, how });
  }

  /** Whether this is how it ended; the first one counts. */
  #finish(how: How): boolean {
    if (this.#end !== null) return false;
    this.#end = { at: now(), how };
    if (how === "fin" || how === "reset") this.#closed("upstream", how);
    if (how === "left" || how === "gave-up")
      this.#closed("downstream", how === "left" && this.plan.leave?.how === "reset" ? "reset" : "fin");
    if (this.#leaveTimer !== null) clearTimeout(this.#leaveTimer);
    if (this.#uploadTimer !== null) clearTimeout(this.#uploadTimer);
    this.ended.trip();
    return true;
  }
}

/** Someone who waits for `records` records, or for the end. */
export const hasReceived = (client: Client, has: { records: number } | "ended"): Signal[] =>
  has === "ended" ? [client.ended.signal] : [client.ended.signal, client.held.reaches(has.records)];

const requestOf = ({ plan, client, token }: ClientOptions): RequestToSend => {
  const own: HeaderList = [
    ["Host", plan.host],
    ["User-Agent", userAgent],
    ["Accept", anyAccept],
    ...(plan.acceptEncoding === null ? [] : ([["Accept-Encoding", plan.acceptEncoding]] satisfies HeaderList)),
    ...(plan.upload ? ([["Transfer-Encoding", "chunked"]] satisfies HeaderList) : []),
    [requestHeader, `${token}.${client}`],
  ];
  const given = new Set(plan.headers.map(([name]) => name.toLowerCase()));
  return {
    method: plan.method,
    target:
      plan.isNamedInTarget === false ? plan.target : `${plan.target}${plan.target.includes("?") ? "&" : "?"}${queryParameter}=${token}`,
    version: plan.version,
    headers: [...own.filter(([name]) => !given.has(name.toLowerCase())), ...plan.headers],
  };
};
