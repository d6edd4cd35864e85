// One request at the origin and its response: the writes, their times, and the end. The order of the steps: `origin-script.ts`.
import { randomBytes } from "node:crypto";
import type { Socket } from "node:net";
import { recordOf } from "../model/body.ts";
import { emptyRecording } from "../model/empty-recording.ts";
import type { OriginRecording } from "../model/recording.ts";
import type { RequestId } from "../model/request-id.ts";
import type { AbortHow, HeaderList, Script } from "../model/script.ts";
import { now } from "./clock.ts";
import type { RequestHead } from "../decode/http1.ts";
import { chunkOf, headOf, type ResponseShape, shapeOf, tailOf } from "./origin-head.ts";
import { sendQueueDrained } from "./send-queue.ts";
import type { TapConnection } from "./tap-connection.ts";
import { Latch, Tally, wait } from "./wait.ts";

export interface ExchangeOptions {
  socket: Socket;
  /** The connection on tap 0, if there is one. */
  tap: TapConnection | undefined;
  script: Script;
  request: RequestHead;
  /** From the header field; null if the request has none. */
  id: RequestId | null;
  startedAt: number;
}

const letters = "abcdefghijklmnopqrstuvwxyz0123456789";
export const newNonce = (): string => Array.from(randomBytes(10), (byte) => letters[byte % letters.length]).join("");

/** A request at the origin, as its case knows it. */
export type Ongoing = Pick<OriginExchange, "recording" | "over" | "stop" | "abandon">;

export class OriginExchange {
  readonly recording: OriginRecording;
  readonly script: Script;
  readonly shape: ResponseShape;
  readonly socket: Socket;
  /** The script must stop: the client left, or the case is over. */
  readonly stopped = new Latch();
  /** The script is over. */
  readonly over = new Latch();
  /** The number of the next record. */
  nextRecord = 0;
  readonly #tap: TapConnection | undefined;
  readonly #taken = new Tally();
  #isHeadSent = false;

  constructor({ socket, tap, script, request, id, startedAt }: ExchangeOptions) {
    this.socket = socket;
    this.#tap = tap;
    this.script = script;
    this.shape = shapeOf(script, request);
    this.recording = {
      ...emptyRecording(newNonce(), startedAt, tap?.number ?? -1),
      request: id,
      requestVersion: request.version,
      method: request.method,
      target: request.target,
      requestHeaders: request.headers.map((header) => [header.name, header.value]),
    };
  }

  /** Whether neither an end nor an abort has finished it. */
  get isOpen(): boolean {
    return this.recording.endedAt === null && this.recording.aborted === null;
  }

  left(how: "fin" | "reset"): void {
    if (this.isOpen) this.recording.gone ??= { at: now(), how };
    this.stopped.trip();
  }

  stop(problem: string): void {
    if (!this.over.isTripped) this.recording.problem ??= problem;
    this.stopped.trip();
  }

  /** Closes the connection of an unfinished response, on both sides of the tap. */
  abandon(): void {
    if (!this.isOpen) return;
    this.socket.destroy();
    this.#tap?.destroy();
  }

  sendInterim(status: number, headers: HeaderList): void {
    const knowsInterim = this.recording.requestVersion !== "1.0" && this.script.version !== "1.0";
    if (knowsInterim && !this.#isHeadSent) this.#write(headOf(this.script.version, status, headers));
  }

  /** The header section on its own. */
  sendHead(): void {
    if (!this.#isHeadSent) this.#write(this.#withHead(Buffer.alloc(0)));
  }

  /** Writes the next record; false if there is none. */
  sendRecord(): boolean {
    const { body } = this.script;
    if (this.nextRecord >= body.recordBytes.length) {
      this.recording.problem ??= `The script writes more than the ${body.recordBytes.length} records of its body`;
      return false;
    }
    const record = recordOf(this.recording.nonce, body, this.nextRecord);
    const at = this.#write(this.#withHead(this.shape.framing === "chunked" ? chunkOf(record) : record));
    this.recording.writes.push({ at, records: ++this.nextRecord });
    return true;
  }

  /** Completes the response. An announced Content-Length has been met before. */
  sendEnd(): void {
    const tail = this.#withHead(tailOf(this.script, this.shape.framing));
    this.recording.endedAt = tail.length > 0 ? this.#write(tail) : now();
    if (this.shape.closes) this.socket.end();
  }

  async abort(how: AbortHow): Promise<void> {
    if (how === "close") this.#sendHalf();
    if (how === "reset") await this.#arrival();
    if (this.stopped.isTripped) return;
    if (how === "reset-after-data") {
      this.sendRecord();
      this.#tap?.resetsBehind(this.socket.bytesWritten);
    }
    this.recording.aborted = { at: now(), how };
    if (how === "reset" || how === "reset-after-data") this.socket.resetAndDestroy();
    else this.socket.end(() => this.socket.destroy());
  }

  /** Waits until the connection has taken all writes, at most `ms`; whether it has. */
  async drained(ms: number | null = null): Promise<boolean> {
    const { bytesWritten } = this.recording;
    if (this.#taken.value < bytesWritten) await wait(ms, this.stopped.signal, this.#taken.reaches(bytesWritten));
    return this.#taken.value >= bytesWritten;
  }

  /** A reset discards unread bytes, so it waits until the tap has read the last byte. */
  async #arrival(): Promise<void> {
    const { bytesWritten } = this.socket;
    if (this.#tap) await wait(null, this.stopped.signal, this.#tap.bytesFromUpstream.reaches(bytesWritten));
    else {
      await this.drained();
      await sendQueueDrained(this.socket);
    }
  }

  /** The first half of the next record, in a chunk that announces all of it. */
  #sendHalf(): void {
    const { body } = this.script;
    if (!this.#isHeadSent || this.shape.framing !== "chunked") return;
    if (this.nextRecord >= body.recordBytes.length) this.#write(Buffer.from("10\r\n"));
    else {
      const chunk = chunkOf(recordOf(this.recording.nonce, body, this.nextRecord));
      this.#write(chunk.subarray(0, chunk.length >> 1));
    }
  }

  #withHead(bytes: Buffer): Buffer {
    if (this.#isHeadSent) return bytes;
    this.#isHeadSent = true;
    return Buffer.concat([this.shape.head, bytes]);
  }

  #write(bytes: Buffer): number {
    const at = now();
    if (this.#isHeadSent) this.recording.headersAt ??= at;
    this.recording.bytesWritten += bytes.length;
    this.socket.write(bytes, (error) => {
      if (error) return;
      this.#taken.raise(this.#taken.value + bytes.length);
      this.recording.bytesTaken = this.#taken.value;
    });
    return at;
  }
}
