// Samples the processes of a hop while a case runs: in the process that steers the run, without blocking, so that what measures is not disturbed.
import { setTimeout as delay } from "node:timers/promises";
import { now } from "../lab/clock.ts";
import type { HopSamples, ProcessMemory, SampleKind, SamplePlan, SampleProblem } from "../model/samples.ts";
import { descriptorsOf, processorMsOf, residentOf, resetPeak, temporaryKbOf, Unreadable } from "./proc.ts";
import type { RunningServer } from "./runtime.ts";

export interface Sampling {
  /** Takes the last sample, and resolves with all; `startedAt`: of the case, by the clock of the lab. */
  stop: (startedAt: number) => Promise<HopSamples>;
}

type Sampled = Pick<RunningServer, "hop" | "pids">;
type Lists = Pick<HopSamples, "residentKb" | "processorMs" | "descriptors" | "sockets" | "temporaryKb">;

const sum = (values: readonly number[]): number => values.reduce((total, value) => total + value, 0);

/** One sample of a kind, of all processes together. */
const take: Record<SampleKind, (pids: readonly number[], into: Lists) => Promise<void>> = {
  memory: async (pids, into) => {
    const all = await Promise.all(pids.map(residentOf));
    (into.residentKb ??= []).push(sum(all.map(({ residentKb }) => residentKb)));
  },
  processor: async (pids, into) => void (into.processorMs ??= []).push(sum(await Promise.all(pids.map(processorMsOf)))),
  descriptors: async (pids, into) => {
    const all = await Promise.all(pids.map(descriptorsOf));
    (into.descriptors ??= []).push(sum(all.map(({ descriptors }) => descriptors)));
    (into.sockets ??= []).push(sum(all.map(({ sockets }) => sockets)));
  },
  temporary: async (pids, into) => void (into.temporaryKb ??= []).push(sum(await Promise.all(pids.map(temporaryKbOf)))),
};

const listsOf: Record<SampleKind, (keyof Lists)[]> = {
  memory: ["residentKb"],
  processor: ["processorMs"],
  descriptors: ["descriptors", "sockets"],
  temporary: ["temporaryKb"],
};

class HopSampling implements Sampling {
  readonly #server: Sampled;
  readonly #pids: readonly number[];
  readonly #at: number[] = [];
  readonly #lists: Lists = {};
  readonly #problems = new Map<SampleKind, SampleProblem>();
  readonly #idleKb = new Map<number, number>();
  readonly #stopped = new AbortController();
  #kinds: readonly SampleKind[];
  #running: Promise<void> = Promise.resolve();

  constructor(server: Sampled, pids: readonly number[], kinds: readonly SampleKind[]) {
    this.#server = server;
    this.#pids = [...pids];
    this.#kinds = kinds;
    const none = process.platform === "linux" ? "processes-unknown" : "not-supported";
    if (pids.length === 0) for (const kind of kinds) this.#fail(kind, none);
  }

  /** Peaks begin anew, and the first sample is taken. */
  async begin(everyMs: number): Promise<void> {
    await this.#unless("memory", async () => {
      await Promise.all(this.#pids.map(resetPeak));
      for (const pid of this.#pids) this.#idleKb.set(pid, (await residentOf(pid)).peakKb);
    });
    await this.#sample();
    this.#running = this.#repeat(everyMs);
  }

  async stop(startedAt: number): Promise<HopSamples> {
    this.#stopped.abort();
    await this.#running;
    await this.#sample();
    const memory = await this.#peaks();
    return {
      hop: this.#server.hop,
      at: this.#at.map((at) => Math.round(10 * (at - startedAt)) / 10),
      ...this.#lists,
      ...(memory ? { memory } : {}),
      problems: Array.from(this.#problems, ([kind, problem]) => ({ kind, problem })),
    };
  }

  async #peaks(): Promise<ProcessMemory[] | null> {
    let memory: ProcessMemory[] | null = null;
    await this.#unless("memory", async () => {
      const last = new Set(await this.#server.pids());
      // A process that ended took its memory along, and a new one began with some: no figure shows either.
      if (last.size !== this.#pids.length || !this.#pids.every((pid) => last.has(pid))) throw new Unreadable("processes-changed");
      memory = await Promise.all(
        this.#pids.map(async (pid) => ({ pid, idleKb: this.#idleKb.get(pid) ?? 0, peakKb: (await residentOf(pid)).peakKb })),
      );
    });
    return memory;
  }

  async #repeat(everyMs: number): Promise<void> {
    const { signal } = this.#stopped;
    while (!signal.aborted && this.#kinds.length > 0) {
      // One sample at a time: on a busy machine they are fewer.
      // oxlint-disable-next-line no-await-in-loop
      await delay(everyMs, undefined, { signal, ref: false }).catch(() => {});
      // oxlint-disable-next-line no-await-in-loop
      if (!signal.aborted) await this.#sample();
    }
  }

  async #sample(): Promise<void> {
    if (this.#kinds.length === 0) return;
    this.#at.push(now());
    await Promise.all(this.#kinds.map((kind) => this.#unless(kind, () => take[kind](this.#pids, this.#lists))));
  }

  /** A kind that could not be read once is not sampled anymore. */
  async #unless(kind: SampleKind, read: () => Promise<void>): Promise<void> {
    if (!this.#kinds.includes(kind)) return;
    try {
      await read();
    } catch (error) {
      if (!(error instanceof Unreadable)) throw error;
      this.#fail(kind, error.problem);
    }
  }

  #fail(kind: SampleKind, problem: SampleProblem): void {
    this.#problems.set(kind, problem);
    this.#kinds = this.#kinds.filter((one) => one !== kind);
    for (const list of listsOf[kind]) delete this.#lists[list];
  }
}

/** Resolves when the peaks were reset and the first sample was taken: only then may the case begin. */
export const startSampling = async (server: Sampled, { kinds, everyMs }: Pick<SamplePlan, "kinds" | "everyMs">): Promise<Sampling> => {
  const sampling = new HopSampling(server, await server.pids(), kinds);
  await sampling.begin(everyMs);
  return sampling;
};
