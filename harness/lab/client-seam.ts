// Between two layers of a client's connection, TCP and TLS or TLS and HTTP/2: shows the bytes of both directions, and passes on backpressure,
// ends and errors.
import { Duplex } from "node:stream";

export interface SeamOptions {
  /** Returns where to split the bytes: the rest is passed on after the upper layer has processed the first part. */
  received?: (bytes: Buffer) => number[];
  sent?: (bytes: Buffer) => void;
  /** The lower layer has ended: calls `end` as soon as the upper one may know. Absent: immediately. */
  beforeEnd?: (end: () => void) => void;
}

/** Node's layers pass on bytes in a later turn of the event loop, and drop them if an end or an error arrives before. */
const turnsToPassOn = 4;
const turns = async (count: number): Promise<void> => {
  for (let left = count; left > 0; left--) await new Promise((resolve) => setImmediate(resolve));
};
/** When everything that was read has passed two seams. */
export const afterAll = (act: () => void): void => void turns(4 * turnsToPassOn).then(act);

export class Seam extends Duplex {
  readonly #lower: Duplex;
  readonly #options: SeamOptions;
  readonly #later: (() => void)[] = [];

  constructor(lower: Duplex, options: SeamOptions = {}) {
    super({ allowHalfOpen: true });
    this.#lower = lower;
    this.#options = options;
    const end = (): void => void this.push(null);
    lower.on("data", (bytes: Buffer) => this.#take(bytes, options.received?.(bytes) ?? []));
    lower.once("end", () => this.#inTurn(() => (options.beforeEnd ?? ((then) => then()))(end)));
    lower.once("error", (error) => this.#inTurn(() => this.destroy(error)));
    // Bytes before the end may still be unread.
    lower.once("close", () => this.#inTurn(() => void (lower.readableEnded || this.destroy())));
  }

  #take(bytes: Buffer, splits: readonly number[]): void {
    let from = 0;
    for (const [index, to] of [...splits, bytes.length].entries()) {
      const piece = bytes.subarray(from, to);
      from = to;
      if (index === 0 && this.#later.length === 0) this.#pass(piece);
      else this.#inTurn(() => this.#pass(piece));
    }
  }

  #pass(bytes: Buffer): void {
    if (bytes.length > 0 && !this.destroyed && !this.push(bytes)) this.#lower.pause();
  }

  #inTurn(act: () => void): void {
    this.#later.push(act);
    if (this.#later.length === 1) void this.#work();
  }

  async #work(): Promise<void> {
    for (let act = this.#later[0]; act; act = this.#later[0]) {
      await turns(turnsToPassOn);
      act();
      this.#later.shift();
    }
  }

  override _read(): void {
    this.#lower.resume();
  }

  override _write(bytes: Buffer, _: BufferEncoding, done: (error?: Error | null) => void): void {
    this.#options.sent?.(bytes);
    if (this.#lower.destroyed) done();
    else this.#lower.write(bytes, done);
  }

  override _final(done: (error?: Error | null) => void): void {
    this.#lower.end(done);
  }

  override _destroy(error: Error | null, done: (error?: Error | null) => void): void {
    this.#lower.destroy();
    done(error);
  }
}
