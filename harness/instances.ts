// The running servers of a run. A server is shared by the scenarios that want the same one in front of the same upstream,
// and stopped when the last of them is done.
import type { Address } from "./lab/protocol.ts";
import type { QueueDelaySampler } from "./runtime/queue-delay.ts";
import { AuthorError, listenHost, WorldError } from "./runtime/runtime.ts";
import type { RunningServer, Runtime, ServerPlan } from "./runtime/runtime.ts";

export interface Instance {
  /** The sampler's. */
  key: string;
  running: RunningServer;
}

export interface RunningChain {
  instances: Instance[];
  /** Ids of the taps from the origin to the client. */
  taps: string[];
}

interface Standing {
  key: string;
  upstream: Standing | null;
  started: Promise<{ running: RunningServer; upstreamTap: string }>;
  clientTap: Promise<string> | null;
  isDead: boolean;
}

interface Slot {
  uses: number;
  standing: Standing | null;
  /** What died and what stands in front of it: stopped with the slot, since those who use it find out for themselves. */
  retired: Standing[];
}

const ownKeyOf = (plan: ServerPlan): string =>
  JSON.stringify(
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
        : [plan.command, plan.workingFolder],
  );

export class Instances implements AsyncDisposable {
  readonly #runtime: Runtime;
  readonly #sampler: QueueDelaySampler;
  readonly #origin: Address | "origin";
  readonly #slots = new Map<string, Slot>();
  readonly #versions = new Map<string, string>();
  /** What could be started once, by its own key. */
  readonly #proven = new Set<string>();
  #taps = 0;
  #standings = 0;

  /** `origin`: the lab's own, or the address of the user's application in its place. */
  constructor(runtime: Runtime, sampler: QueueDelaySampler, origin: Address | "origin" = "origin") {
    this.#runtime = runtime;
    this.#sampler = sampler;
    this.#origin = origin;
  }

  /** What really ran, by hop. */
  get versions(): Record<string, string> {
    return Object.fromEntries([...this.#versions].toSorted(([a], [b]) => a.localeCompare(b)));
  }

  /** Says who will come, so that a server is kept until its last user is done. What has an owner is nobody else's. */
  reserve(servers: readonly ServerPlan[], owner: string | null = null): void {
    for (const key of keysOf(servers, owner)) {
      const slot = this.#slots.get(key) ?? { uses: 0, standing: null, retired: [] };
      slot.uses++;
      this.#slots.set(key, slot);
    }
  }

  /** Starts what does not run yet or has died, from the origin to the client: each needs to know its upstream's tap. */
  async start(servers: readonly ServerPlan[], owner: string | null = null): Promise<RunningChain> {
    const keys = keysOf(servers, owner);
    const instances: Instance[] = [];
    const taps: string[] = [];
    let upstream: Standing | null = null;
    for (const [index, plan] of servers.entries()) {
      const slot = this.#slots.get(keys[index] ?? "");
      if (!slot) throw new Error(`Server "${plan.hop}" was started without being reserved`);
      const standing = this.#standingOf(slot, plan, upstream);
      const { running, upstreamTap } = await standing.started;
      this.#versions.set(nameOf(plan), running.version);
      instances.push({ key: standing.key, running });
      taps.push(upstreamTap);
      upstream = standing;
    }
    if (upstream) taps.push(await this.#clientTap(upstream));
    return { instances, taps };
  }

  #standingOf(slot: Slot, plan: ServerPlan, upstream: Standing | null): Standing {
    const { standing } = slot;
    if (standing && !standing.isDead && standing.upstream === upstream) return standing;
    if (standing) slot.retired.push(standing);
    const key = `${plan.hop}#${this.#standings++}`;
    const next: Standing = { key, upstream, started: this.#startOne(plan, key, upstream), clientTap: null, isDead: false };
    void next.started
      .then(({ running }) => running.died)
      .then(
        () => (next.isDead = true),
        () => {},
      );
    return (slot.standing = next);
  }

  async #startOne(plan: ServerPlan, key: string, upstream: Standing | null): Promise<{ running: RunningServer; upstreamTap: string }> {
    const target = upstream ? (await upstream.started).running.address : this.#origin;
    const upstreamTap = `tap-${this.#taps++}`;
    const { port } = await openTap(this.#runtime, upstreamTap, target);
    const own = ownKeyOf(plan);
    const running = await this.#runtime.start(plan, port).catch((error: unknown) => {
      // Its author gave something that starts.
      throw error instanceof AuthorError && this.#proven.has(own)
        ? new WorldError(`Started once more: ${error.message}`, { cause: error })
        : error;
    });
    this.#proven.add(own);
    this.#sampler.watch(key, await running.pids());
    return { running, upstreamTap };
  }

  #clientTap(standing: Standing): Promise<string> {
    const open = async (): Promise<string> => {
      const id = `tap-${this.#taps++}`;
      await openTap(this.#runtime, id, (await standing.started).running.address);
      return id;
    };
    return (standing.clientTap ??= open());
  }

  /** Says that one user is done; what nobody will use any more is stopped, nearest the client first. */
  async release(servers: readonly ServerPlan[], owner: string | null = null): Promise<void> {
    for (const key of keysOf(servers, owner).toReversed()) {
      const slot = this.#slots.get(key);
      if (!slot || --slot.uses > 0) continue;
      this.#slots.delete(key);
      await this.#stop(slot);
    }
  }

  async #stop({ standing, retired }: Slot): Promise<void> {
    for (const { key, started, clientTap } of standing ? [standing, ...retired] : []) {
      this.#sampler.unwatch(key);
      const server = await started.catch(() => null);
      await server?.running[Symbol.asyncDispose]();
      const taps = [server?.upstreamTap, await clientTap?.catch(() => undefined)];
      for (const tap of taps) if (tap !== undefined) await this.#close(tap);
    }
  }

  /** A lab that has ended has closed its taps. */
  async #close(tap: string): Promise<void> {
    await this.#runtime.lab.ask("close-tap", { id: tap }).catch(() => {});
  }

  async [Symbol.asyncDispose](): Promise<void> {
    const slots = [...this.#slots.values()];
    this.#slots.clear();
    await Promise.allSettled(slots.map((slot) => this.#stop(slot)));
  }
}

/** A hop by its server and version: `nginx@1.22`, `http-proxy+compression`. */
const nameOf = (plan: ServerPlan): string => {
  if (plan.kind === "node")
    return [plan.node ? `${plan.hop}@node${plan.node}` : plan.hop, ...plan.middlewares.map(({ id }) => id)].join("+");
  return plan.kind === "binary" && plan.version ? `${plan.hop}@${plan.version.asked}` : plan.hop;
};

/** Two plans of one key are served by one process: same definition, variant, middlewares and everything upstream of it. */
const keysOf = (servers: readonly ServerPlan[], owner: string | null): string[] => {
  const keys: string[] = [];
  for (const plan of servers) keys.push(`${keys.at(-1) ?? `origin of ${owner ?? "all"}`}>${ownKeyOf(plan)}`);
  return keys;
};

const openTap = (runtime: Runtime, id: string, target: Address | "origin"): Promise<{ port: number }> =>
  runtime.lab.ask("open-tap", { id, target, listen: { host: listenHost(runtime), port: 0 } });
