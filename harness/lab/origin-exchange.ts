// One request at the origin and the response to it: what is written, when, and how it ends. Which step comes when: `origin-script.ts`.
import { randomBytes } from "node:crypto";
import type { Socket } from "node:net";
import { recordOf } from "../model/body.ts";
import type { OriginRecording } from "../model/recording.ts";
import type { AbortHow, HeaderList, Script } from "../model/script.ts";
import { now } from "./clock.ts";
import type { RequestHead } from "./http1.ts";
import { chunkOf, headOf, type ResponseShape, shapeOf, tailOf } from "./origin-head.ts";
import { sendQueueDrained } from "./send-queue.ts";
import type { TapConnection } from "./tap-connection.ts";
import { Latch, Tally, wait } from "./wait.ts";

export interface ExchangeOptions {
  socket: Socket;
  /** The connection of the tap in front, if there is one. */
  tap: TapConnection | undefined;
  script: Script;
  request: RequestHead;
  /** The value of the header that names arm and client. */
  name: string | null;
  startedAt: number;
}

const letters = "abcdefghijklmnopqrstuvwxyz0123456789";
export const newNonce = (): string => Array.from(randomBytes(10), (byte) => letters[byte % letters.length]).join("");

export const emptyRecording = (startedAt: number, connection: number): OriginRecording => ({
  nonce: newNonce(),
  request: null,
  connection,
  startedAt,
  requestVersion: "",
  method: "",
  target: "",
  requestHeaders: [],
  headersAt: null,
  writes: [],
  endedAt: null,
  aborted: null,
  unacknowledged: null,
  gone: null,
  bytesWritten: 0,
  bytesTaken: 0,
  problem: null,
});

export class OriginExchange {
  readonly recording: OriginRecording;
  readonly script: Script;
  readonly shape: ResponseShape;
  readonly socket: Socket;
  /** The script is to stop: the client left, or the arm is over. */
  readonly stopped = new Latch();
  /** The script is over. */
  readonly over = new Latch();
  /** Number of the record that is written next. */
  nextRecord = 0;
  readonly #tap: TapConnection | undefined;
  readonly #taken = new Tally();
  #isHeadSent = false;

  constructor({ socket, tap, script, request, name, startedAt }: ExchangeOptions) {
    this.socket = socket;
    this.#tap = tap;
    this.script = script;
    this.shape = shapeOf(script, request);
    this.recording = {
      ...emptyRecording(startedAt, tap?.number ?? -1),
      request: name,
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

  /** Cuts the connection of a response that was never finished, on both sides of the tap. */
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

  /** Writes the next record, or says that there is none. */
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

  /** Completes the response; what was announced by Content-Length has been written before. */
  sendEnd(): void {
    const tail = this.#withHead(tailOf(this.script, this.shape.framing));
    this.recording.endedAt = tail.length > 0 ? this.#write(tail) : now();
    if (this.shape.closes) this.socket.end();
  }

  async abort(how: AbortHow): Promise<void> {
    if (how === "close") this.#sendHalf();
    if (how === "reset") await this.#arrival();
    if (this.stopped.isTripped) return;
    if (how === "reset-behind-data") {
      this.sendRecord();
      this.#tap?.resetsBehind(this.socket.bytesWritten);
    }
    this.recording.aborted = { at: now(), how };
    if (how === "reset" || how === "reset-behind-data") this.socket.resetAndDestroy();
    else this.socket.end(() => this.socket.destroy());
  }

  /** Waits until the connection has taken all that was written, at most `ms`; whether it has. */
  async drained(ms: number | null = null): Promise<boolean> {
    const { bytesWritten } = this.recording;
    if (this.#taken.value < bytesWritten) await wait(ms, this.stopped.signal, this.#taken.reaches(bytesWritten));
    return this.#taken.value >= bytesWritten;
  }

  /** A reset throws away what has not been read, so it waits for the tap to have read the last byte. */
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
