// The running servers of a run. A server is shared by the scenarios that want the same one in front of the same upstream,
// and stopped when the last of them is done.
import type { Address } from "./lab/protocol.ts";
import type { QueueDelaySampler } from "./runtime/queue-delay.ts";
import { listenHost } from "./runtime/runtime.ts";
import type { RunningServer, Runtime, ServerPlan } from "./runtime/runtime.ts";

export interface Instance {
  key: string;
  running: RunningServer;
}

export interface RunningChain {
  instances: Instance[];
  /** Ids of the taps from the origin to the client. */
  taps: string[];
}

interface Slot {
  uses: number;
  started: Promise<{ running: RunningServer; upstreamTap: string }> | null;
}

/** Two plans of one key are served by one process: same definition, variant, middlewares and everything upstream of it. */
const keyOf = (plan: ServerPlan, upstream: string): string => {
  const own =
    plan.kind === "node"
      ? [plan.file, plan.variant, plan.node ?? "", ...plan.middlewares.map(({ file, variant }) => `${file}:${variant}`)]
      : plan.kind === "binary"
        ? [
            plan.definition.binary,
            plan.variant,
            plan.image ?? "",
            plan.version?.release ?? plan.definition.debian.release,
            plan.timeScale ?? 1,
          ]
        : [plan.command, plan.workingFolder];
  return `${upstream}>${JSON.stringify(own)}`;
};

export class Instances implements AsyncDisposable {
  readonly #runtime: Runtime;
  readonly #sampler: QueueDelaySampler;
  readonly #origin: Address | "origin";
  readonly #slots = new Map<string, Slot>();
  readonly #clientTaps = new Map<string, Promise<string>>();
  readonly #versions = new Map<string, string>();
  #taps = 0;

  /** `origin`: the lab's own, or the address of the user's application in its place. */
  constructor(runtime: Runtime, sampler: QueueDelaySampler, origin: Address | "origin" = "origin") {
    this.#runtime = runtime;
    this.#sampler = sampler;
    this.#origin = origin;
  }

  /** The sampler's keys of a chain's servers. */
  keysOf(servers: readonly ServerPlan[]): string[] {
    return keysOf(servers);
  }

  /** What really ran, by hop. */
  get versions(): Record<string, string> {
    return Object.fromEntries([...this.#versions].toSorted(([a], [b]) => a.localeCompare(b)));
  }

  /** Says who will come, so that a server is kept until its last user is done. */
  reserve(servers: readonly ServerPlan[]): void {
    for (const key of keysOf(servers)) {
      const slot = this.#slots.get(key) ?? { uses: 0, started: null };
      slot.uses++;
      this.#slots.set(key, slot);
    }
  }

  /** Starts what does not run yet, from the origin to the client: each needs to know its upstream's tap. */
  async start(servers: readonly ServerPlan[]): Promise<RunningChain> {
    const keys = keysOf(servers);
    const instances: Instance[] = [];
    const taps: string[] = [];
    let upstream: RunningServer | null = null;
    for (const [index, plan] of servers.entries()) {
      const key = keys[index] ?? "";
      const slot = this.#slots.get(key);
      if (!slot) throw new Error(`Server "${plan.hop}" was started without being reserved`);
      slot.started ??= this.#startOne(plan, key, upstream);
      const { running, upstreamTap }: { running: RunningServer; upstreamTap: string } = await slot.started;
      this.#versions.set(nameOf(plan), running.version);
      instances.push({ key, running });
      taps.push(upstreamTap);
      upstream = running;
    }
    const last = instances.at(-1);
    if (last) taps.push(await this.#clientTap(last));
    return { instances, taps };
  }

  async #startOne(plan: ServerPlan, key: string, upstream: RunningServer | null): Promise<{ running: RunningServer; upstreamTap: string }> {
    const upstreamTap = `tap-${this.#taps++}`;
    const { port } = await openTap(this.#runtime, upstreamTap, upstream ? upstream.address : this.#origin);
    const running = await this.#runtime.start(plan, port);
    this.#sampler.watch(key, await running.pids());
    return { running, upstreamTap };
  }

  #clientTap(instance: Instance): Promise<string> {
    const known = this.#clientTaps.get(instance.key);
    if (known) return known;
    const id = `tap-${this.#taps++}`;
    const opened = openTap(this.#runtime, id, instance.running.address).then(() => id);
    this.#clientTaps.set(instance.key, opened);
    return opened;
  }

  /** Says that one user is done; what nobody will use any more is stopped, nearest the client first. */
  async release(servers: readonly ServerPlan[]): Promise<void> {
    for (const key of keysOf(servers).toReversed()) {
      const slot = this.#slots.get(key);
      if (!slot || --slot.uses > 0) continue;
      this.#slots.delete(key);
      await this.#stop(key, slot);
    }
  }

  async #stop(key: string, slot: Slot): Promise<void> {
    this.#sampler.unwatch(key);
    const started = await slot.started?.catch(() => null);
    await started?.running[Symbol.asyncDispose]();
    if (started) await this.#close(started.upstreamTap);
    const clientTap = await this.#clientTaps.get(key)?.catch(() => null);
    this.#clientTaps.delete(key);
    if (clientTap !== undefined && clientTap !== null) await this.#close(clientTap);
  }

  /** A lab that has ended has closed its taps. */
  async #close(tap: string): Promise<void> {
    await this.#runtime.lab.ask("close-tap", { id: tap }).catch(() => {});
  }

  async [Symbol.asyncDispose](): Promise<void> {
    const slots = [...this.#slots];
    this.#slots.clear();
    await Promise.allSettled(slots.map(([key, slot]) => this.#stop(key, slot)));
  }
}

/** A hop by its server and version: `nginx@1.22`, `http-proxy+compression`. */
const nameOf = (plan: ServerPlan): string => {
  if (plan.kind === "node")
    return [plan.node ? `${plan.hop}@node${plan.node}` : plan.hop, ...plan.middlewares.map(({ id }) => id)].join("+");
  return plan.kind === "binary" && plan.version ? `${plan.hop}@${plan.version.asked}` : plan.hop;
};

const keysOf = (servers: readonly ServerPlan[]): string[] => {
  const keys: string[] = [];
  for (const plan of servers) keys.push(keyOf(plan, keys.at(-1) ?? "origin"));
  return keys;
};

const openTap = (runtime: Runtime, id: string, target: Address | "origin"): Promise<{ port: number }> =>
  runtime.lab.ask("open-tap", { id, target, listen: { host: listenHost(runtime), port: 0 } });
