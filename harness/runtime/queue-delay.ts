// How long the hops' processes waited for a processor: schedstat(5), sampled all through the run outside the measuring process.
import { closeSync, openSync, readdirSync, readFileSync, readSync } from "node:fs";
import { availableParallelism } from "node:os";
import type { QueueDelay } from "../model/trace.ts";
import { now } from "../lab/clock.ts";

const everyMs = 10;
const keptMs = 120_000;

/** The key of time that belongs to no process: packets waiting for a kernel thread, and time stolen by a hypervisor. */
export const kernelKey = "kernel";

/** The key of what the lab ran and waited for a processor. */
export const labBusyKey = "lab busy";

interface Watched {
  files: { descriptor: number; waitedIn: (text: string) => number }[];
  /** What the sum is divided by: a packet waits on one processor, and only these figures are of all. */
  share: number;
  at: number[];
  waitedMs: number[];
}

/** Nanoseconds waited for a processor, the second number of schedstat. */
const runDelay = (text: string): number => Number(text.split(" ")[1] ?? 0) / 1e6;

/** What it ran besides: the first number. */
const busy = (text: string): number => Number(text.split(" ")[0] ?? 0) / 1e6 + runDelay(text);

const tickMs = 10;

/** Ticks of all processors together that ran something else, the eighth number after `cpu`. */
const stolen = (text: string): number => tickMs * Number(text.split("\n")[0]?.trim().split(/\s+/)[8] ?? 0);

const kernelThreads = (name: string): number[] => {
  try {
    return readdirSync("/proc").flatMap((entry) => (/^\d+$/.test(entry) && commandOf(entry).startsWith(name) ? [Number(entry)] : []));
  } catch {
    return [];
  }
};

const commandOf = (pid: string): string => {
  try {
    return readFileSync(`/proc/${pid}/comm`, "latin1");
  } catch {
    return "";
  }
};

/** One sampler for a run. Where /proc has no schedstat it knows nothing, and ε stays the control's alone. */
export class QueueDelaySampler implements Disposable {
  readonly #watched = new Map<string, Watched>();
  readonly #buffer = Buffer.alloc(128);
  readonly #timer: NodeJS.Timeout;

  constructor() {
    this.#timer = setInterval(() => this.#sample(), everyMs);
    this.#timer.unref();
  }

  /** Watches these processes under a key, instead of earlier ones. */
  watch(key: string, pids: readonly number[]): void {
    this.unwatch(key);
    this.#watch(
      key,
      pids.map((pid) => ({ path: `/proc/${pid}/schedstat`, waitedIn: runDelay })),
    );
  }

  /** The time for which processes ran or waited to, under a key of its own: the rest is sleep or idle time. */
  watchBusy(key: string, pids: readonly number[]): void {
    this.unwatch(key);
    this.#watch(
      key,
      pids.map((pid) => ({ path: `/proc/${pid}/schedstat`, waitedIn: busy })),
    );
  }

  /** Watches ksoftirqd, which takes packets over when a processor is busy, and steal (proc(5)). A virtual machine of two busy cores
   *  had lost seconds to each, and no process's own figures showed it. */
  watchKernel(): void {
    const softirq = kernelThreads("ksoftirqd/").map((pid) => ({ path: `/proc/${pid}/schedstat`, waitedIn: runDelay }));
    this.#watch(kernelKey, [...softirq, { path: "/proc/stat", waitedIn: stolen }], availableParallelism());
  }

  #watch(key: string, sources: readonly { path: string; waitedIn: (text: string) => number }[], share = 1): void {
    const files = sources.flatMap(({ path, waitedIn }) => {
      try {
        return [{ descriptor: openSync(path, "r"), waitedIn }];
      } catch {
        return [];
      }
    });
    if (files.length > 0) this.#watched.set(key, { files, share, at: [], waitedMs: [] });
  }

  unwatch(key: string): void {
    for (const { descriptor } of this.#watched.get(key)?.files ?? []) closeSync(descriptor);
    this.#watched.delete(key);
  }

  /** The samples that enclose a window. */
  between(key: string, from: number, to: number): QueueDelay | null {
    const watched = this.#watched.get(key);
    if (!watched) return null;
    const first = Math.max(
      0,
      watched.at.findLastIndex((at) => at <= from),
    );
    const after = watched.at.findIndex((at) => at >= to);
    const last = after === -1 ? watched.at.length : after + 1;
    return { at: watched.at.slice(first, last), waitedMs: watched.waitedMs.slice(first, last) };
  }

  #sample(): void {
    const at = now();
    for (const watched of this.#watched.values()) {
      let waitedMs = 0;
      for (const file of watched.files) waitedMs += this.#waitedBy(file);
      waitedMs /= watched.share;
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

  #waitedBy({ descriptor, waitedIn }: Watched["files"][number]): number {
    try {
      const length = readSync(descriptor, this.#buffer, 0, this.#buffer.length, 0);
      return waitedIn(this.#buffer.toString("latin1", 0, length));
    } catch {
      return 0;
    }
  }

  [Symbol.dispose](): void {
    clearInterval(this.#timer);
    for (const key of this.#watched.keys()) this.unwatch(key);
  }
}
