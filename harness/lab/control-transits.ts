// The messages of one control: when each left and when it arrived.
import { controlEveryMs as everyMs } from "../model/recording.ts";
import type { ControlWindow } from "../model/recording.ts";
import { now } from "./clock.ts";

const messageBytes = 64;
/** Faster until there are 200 samples, so that a short run does not wait for them. */
const everyMsAtFirst = 1;
const pooledSamples = 200;
/** About twenty minutes. */
const capacity = 2 ** 17;

export class Transits {
  readonly #departures = new Float64Array(capacity);
  readonly #transits = new Float64Array(capacity).fill(Number.NaN);
  readonly #waiting = new Set<{ number: number; go: () => void }>();
  #held = Buffer.alloc(0);
  #sent = 0;
  #arrived = 0;
  #timer: NodeJS.Timeout | null = null;
  #fault: string | null = null;

  get fault(): string | null {
    return this.#fault;
  }

  /** Every 10 ms, until it fails or is stopped; the first ones sooner. */
  start(write: (message: Buffer) => void): void {
    const send = (): void => write(this.#depart());
    send();
    this.#timer = setInterval(() => {
      send();
      if (this.#sent <= pooledSamples || this.#timer === null) return;
      clearInterval(this.#timer);
      this.#timer = setInterval(send, everyMs);
    }, everyMsAtFirst);
  }

  fail(sentence: string): void {
    this.#fault ??= sentence;
    if (this.#timer !== null) clearInterval(this.#timer);
    for (const { go } of this.#waiting) go();
  }

  #depart(): Buffer {
    const message = Buffer.alloc(messageBytes);
    message.writeDoubleBE(this.#sent, 0);
    this.#transits[this.#sent % capacity] = Number.NaN;
    this.#departures[this.#sent % capacity] = now();
    this.#sent++;
    return message;
  }

  /** Bytes of the stream, in pieces of any size. */
  arrive(at: number, bytes: Uint8Array): void {
    this.#held = Buffer.concat([this.#held, bytes]);
    for (; this.#held.length >= messageBytes; this.#held = this.#held.subarray(messageBytes)) {
      const number = this.#held.readDoubleBE(0);
      if (number !== this.#arrived) this.fail(`The control's message ${this.#arrived} arrived as ${number}: its pipe is not straight`);
      this.#transits[number % capacity] = at - (this.#departures[number % capacity] ?? at);
      this.#arrived = number + 1;
    }
    for (const waiter of this.#waiting) if (this.#arrived >= waiter.number) waiter.go();
  }

  /** Pooled with earlier samples until there are `least`. */
  window(fromAt: number, toAt: number, least = pooledSamples): ControlWindow {
    if (this.#fault !== null) throw new Error(this.#fault);
    const samples: number[] = [];
    const pairs: number[] = [];
    let firstAt = fromAt;
    for (let number = this.#sent - 1; number >= Math.max(0, this.#sent - capacity); number--) {
      const departedAt = this.#departures[number % capacity] ?? 0;
      if (departedAt < fromAt && samples.length >= least) break;
      if (departedAt > toAt) continue;
      const transit = this.#transits[number % capacity] ?? Number.NaN;
      // A message in flight for longer than a gap has a transit of at least that.
      const takenMs = Number.isNaN(transit) ? now() - departedAt : transit;
      if (Number.isNaN(transit) && takenMs < everyMs) continue;
      samples.push(takenMs);
      pairs.push(departedAt, takenMs);
      firstAt = Math.min(firstAt, departedAt);
    }
    if (samples.length === 0) throw new Error("The control has not received anything yet");
    const sorted = Float64Array.from(samples).toSorted();
    return {
      transits: Float64Array.from(pairs),
      fromAt: firstAt,
      toAt,
      samples: sorted.length,
      p50Ms: rankOf(sorted, 0.5),
      p99Ms: rankOf(sorted, 0.99),
      maxMs: sorted.at(-1) ?? 0,
    };
  }

  /** The window until now, pooled with earlier samples, as soon as there are 200. */
  async windowSince(fromAt: number): Promise<ControlWindow> {
    if (this.#arrived < pooledSamples && this.#fault === null) {
      const enough = Promise.withResolvers<void>();
      const waiter = { number: pooledSamples, go: enough.resolve };
      this.#waiting.add(waiter);
      await enough.promise;
      this.#waiting.delete(waiter);
    }
    return this.window(fromAt, now());
  }
}

/** Nearest rank: the smallest sample that at least `share` of all samples do not exceed. */
const rankOf = (sorted: Float64Array, share: number): number => sorted[Math.max(0, Math.ceil(share * sorted.length) - 1)] ?? 0;
