// How long the hops' processes waited for a processor: schedstat(5), sampled all through the run outside the measuring process.
import { closeSync, openSync, readSync } from "node:fs";
import type { QueueDelay } from "../model/trace.ts";
import { now } from "../lab/clock.ts";

const everyMs = 10;
const keptMs = 120_000;

interface Watched {
  files: number[];
  at: number[];
  waitedMs: number[];
}

/** One sampler for a run. Where /proc has no schedstat it knows nothing, and ε stays the control's alone. */
export class QueueDelaySampler implements Disposable {
  readonly #watched = new Map<string, Watched>();
  readonly #buffer = Buffer.alloc(128);
  readonly #timer: NodeJS.Timeout;

  constructor() {
    this.#timer = setInterval(() => this.#sample(), everyMs);
    this.#timer.unref();
  }

  /** Adds processes under a key; several calls for one key add up. */
  watch(key: string, pids: readonly number[]): void {
    this.unwatch(key);
    const files = pids.flatMap((pid) => {
      try {
        return [openSync(`/proc/${pid}/schedstat`, "r")];
      } catch {
        return [];
      }
    });
    if (files.length > 0) this.#watched.set(key, { files, at: [], waitedMs: [] });
  }

  unwatch(key: string): void {
    for (const file of this.#watched.get(key)?.files ?? []) closeSync(file);
    this.#watched.delete(key);
  }

  /** The samples that enclose a window. */
  between(key: string, from: number, to: number): QueueDelay | null {
    const watched = this.#watched.get(key);
    if (!watched) return null;
    const first = Math.max(0, watched.at.findLastIndex((at) => at <= from));
    const after = watched.at.findIndex((at) => at >= to);
    const last = after === -1 ? watched.at.length : after + 1;
    return { at: watched.at.slice(first, last), waitedMs: watched.waitedMs.slice(first, last) };
  }

  #sample(): void {
    const at = now();
    for (const watched of this.#watched.values()) {
      let waitedMs = 0;
      for (const file of watched.files) waitedMs += this.#waitedBy(file);
      watched.at.push(at);
      // A process that ended takes its total with it: the running total never falls.
      watched.waitedMs.push(Math.max(waitedMs, watched.waitedMs.at(-1) ?? 0));
      if (at - (watched.at[0] ?? at) > keptMs) {
        const half = watched.at.length >> 1;
        watched.at.splice(0, half);
        watched.waitedMs.splice(0, half);
      }
    }
  }

  #waitedBy(file: number): number {
    try {
      const length = readSync(file, this.#buffer, 0, this.#buffer.length, 0);
      return Number(this.#buffer.toString("latin1", 0, length).split(" ")[1] ?? 0) / 1e6;
    } catch {
      return 0;
    }
  }

  [Symbol.dispose](): void {
    clearInterval(this.#timer);
    for (const key of this.#watched.keys()) this.unwatch(key);
  }
}
