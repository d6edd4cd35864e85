// One connection to the scripted origin: its requests are answered in turn, each by the script of its case.
import type { Socket } from "node:net";
import { emptyRecording } from "../model/empty-recording.ts";
import type { Stranger } from "../model/recording.ts";
import { queryParameter, readRequestId, requestHeader } from "../model/request-id.ts";
import type { RequestId } from "../model/request-id.ts";
import { now } from "./clock.ts";
import { headerValue, type MessageEvent, pathOf, type RequestHead, requestParser } from "../decode/http1.ts";
import type { Asked as FeedAsked, Feed } from "./feed.ts";
import type { OriginCase } from "./origin-case.ts";
import { newNonce, OriginExchange } from "./origin-exchange.ts";
import { closesAfter, mayUpgrade, shortResponse } from "./origin-head.ts";
import { runScript } from "./origin-script.ts";
import { endedBefore, type TapConnection } from "./tap-connection.ts";

export interface OriginOptions {
  caseOf: (token: string) => OriginCase | undefined;
  tapAt: (port: number) => TapConnection | undefined;
  /** A connection or request that names no case. */
  stranger?: (one: Stranger) => void;
}

interface Asked {
  head: RequestHead;
  at: number;
}

/** The bytes kept of a request, in case it is unreadable. */
const rememberedBytes = 16 * 1024;

export class OriginConnection {
  readonly #socket: Socket;
  readonly #options: Required<OriginOptions>;
  readonly #feed: Feed;
  readonly #parser = requestParser();
  readonly #queue: Asked[] = [];
  #asked: Asked | null = null;
  #current: OriginExchange | null = null;
  #fed: FeedAsked | null = null;
  #raw = "";

  constructor(socket: Socket, options: OriginOptions, feed: Feed) {
    this.#socket = socket;
    this.#options = { stranger: () => {}, ...options };
    this.#feed = feed;
  }

  serve(): void {
    this.#socket.on("data", (bytes: Buffer) => {
      const at = now();
      this.#raw = (this.#raw + bytes.toString("latin1", 0, rememberedBytes)).slice(0, rememberedBytes);
      for (const event of this.#parser.push(bytes)) this.#take(event, at);
    });
    this.#socket.on("end", () => this.#leave("fin"));
    this.#socket.on("error", (error) => this.#leave(endedBefore(error) ? "fin" : "reset"));
  }

  #tap(): TapConnection | undefined {
    return this.#options.tapAt(this.#socket.remotePort ?? 0);
  }

  #take(event: MessageEvent, at: number): void {
    if (event.kind === "head" && "method" in event.head) this.#asked = { head: event.head, at };
    if (event.kind === "problem") this.#misread(event.problem, at);
    if (event.kind !== "end" || this.#asked === null) return;
    this.#queue.push(this.#asked);
    this.#asked = null;
    this.#raw = "";
    this.#next();
  }

  #next(): void {
    const isFree = this.#current === null && this.#fed === null && !this.#socket.writableEnded;
    const request = isFree ? this.#queue.shift() : undefined;
    if (!request) return;
    this.#fed = this.#feed.ask(request.head.target, request.at);
    if (this.#fed) return this.#answerFeed(this.#fed, request.head);
    const mark = headerValue(request.head.headers, requestHeader);
    const id = mark === null ? null : readRequestId(mark);
    const { case: trialCase, client } = caseNamedBy(id, request.head.target, this.#options.caseOf);
    if (!trialCase) {
      this.#options.stranger({ at: request.at, what: "unmarked", request: `${request.head.method} ${request.head.target}` });
      return this.#answer(shortResponse(404, "No Hopwise case requests this.\n", request.head), request.head);
    }
    if (trialCase.subrequests.includes(pathOf(request.head.target)))
      return this.#answer(shortResponse(200, "", request.head), request.head);
    if (trialCase.script.status === 101 && !mayUpgrade(request.head)) {
      this.#socket.end(shortResponse(426, "This resource requires an upgrade to WebSocket.\n", request.head));
      return;
    }
    this.#run(trialCase, client, request, id);
  }

  #answerFeed(fed: FeedAsked, head: RequestHead): void {
    void fed.answer.then((response) => {
      this.#fed = null;
      if (!this.#socket.destroyed && !this.#socket.writableEnded) this.#answer(response, head);
    });
  }

  #answer(response: Buffer, head: RequestHead): void {
    this.#socket.write(response);
    if (closesAfter(head)) this.#socket.end();
    else this.#next();
  }

  #run(trialCase: OriginCase, client: number, { head, at }: Asked, id: RequestId | null): void {
    const socket = this.#socket;
    const exchange = new OriginExchange({ socket, tap: this.#tap(), script: trialCase.script, request: head, id, startedAt: at });
    this.#current = exchange;
    trialCase.began(exchange);
    void runScript(exchange, trialCase.held(client)).then(() => {
      if (exchange.recording.endedAt !== null) this.#current = null;
      if (exchange.recording.gone !== null) socket.destroy();
      exchange.over.trip();
      this.#next();
    });
  }

  #misread(problem: string, at: number): void {
    const token = new RegExp(`${requestHeader}: *([a-z0-9]+)|${queryParameter}=([a-z0-9]+)`, "i").exec(this.#raw);
    const named = this.#options.caseOf(token?.[1] ?? token?.[2] ?? "");
    if (named)
      named.misread({ ...emptyRecording(newNonce(), at, this.#tap()?.number ?? -1), problem: `The request cannot be read: ${problem}` });
    else this.#options.stranger({ at, what: protocolOf(this.#raw) });
    if (this.#current === null) this.#socket.end(shortResponse(400, `The request cannot be read: ${problem}\n`, null));
  }

  #leave(how: "fin" | "reset"): void {
    this.#fed?.gone();
    this.#current?.left(how);
    // A running script stops first.
    if (this.#current === null ? how === "fin" : this.#current.over.isTripped) this.#socket.end();
  }
}

/** By its first bytes: a TLS record of the handshake (RFC 8446 §5.1), or the preface of HTTP/2 (RFC 9113 §3.4). */
const protocolOf = (raw: string): Stranger["what"] =>
  raw.startsWith("\u0016\u0003") ? "tls" : raw.startsWith("PRI * HTTP/2") ? "http2" : "unreadable";

const caseNamedBy = (
  id: RequestId | null,
  target: string,
  caseOf: OriginOptions["caseOf"],
): { case: OriginCase | undefined; client: number } => {
  const client = id?.client ?? null;
  const named = id === null || client === null ? undefined : caseOf(id.token);
  if (named && client !== null) return { case: named, client };
  const [, inQuery = ""] = new RegExp(`[?&]${queryParameter}=([a-z0-9]+)`).exec(target) ?? [];
  return { case: caseOf(inQuery), client: 0 };
};
