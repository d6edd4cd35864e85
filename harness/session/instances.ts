// The running servers of a run. Scenarios that need the same server before the same upstream share it; it stops after the last of them.
import type { Address } from "../lab/protocol.ts";
import type { QueueDelaySampler } from "../runtime/queue-delay.ts";
import type { ClientProtocol } from "../model/script.ts";
import { AuthorError, EnvironmentError } from "../errors.ts";
import { hopName } from "../runtime/hop-name.ts";
import { listenHost } from "../runtime/runtime.ts";
import type { RunningServer, Runtime, ServerPlan } from "../runtime/runtime.ts";

export interface Instance {
  /** The sampler's key. */
  key: string;
  running: RunningServer;
}

export interface RunningChain {
  instances: Instance[];
  /** Ids of the taps from the origin to the client. */
  taps: string[];
  /** By protocol: in front of the last hop's further listeners. */
  clientTaps: Partial<Record<ClientProtocol, string>>;
}

interface Launch {
  key: string;
  upstream: Launch | null;
  started: Promise<{ running: RunningServer; upstreamTap: string }>;
  /** In front of its listener for HTTP/1.1, and of the further ones. */
  clientTaps: Promise<Map<ClientProtocol, string>> | null;
  isDead: boolean;
}

interface Slot {
  uses: number;
  launch: Launch | null;
  /** Crashed servers and those before them: stopped with the slot, since their users notice the crash themselves. */
  retired: Launch[];
}

const ownKeyOf = (plan: ServerPlan): string =>
  JSON.stringify(
    plan.kind === "node"
      ? [plan.file, plan.variant, plan.node ?? "", ...plan.middlewares.map(({ file, variant }) => `${file}:${variant}`)]
      : plan.kind === "binary"
        ? [
            plan.definition.name ?? plan.definition.binary,
            plan.variant,
            plan.image ?? "",
            plan.version?.release ?? plan.definition.debian.release,
            plan.timeScale ?? 1,
            ...(plan.listeners ?? []),
          ]
        : [plan.command, plan.workingFolder],
  );

export class Instances implements AsyncDisposable {
  readonly #runtime: Runtime;
  readonly #sampler: QueueDelaySampler;
  readonly #origin: Address | "origin";
  readonly #slots = new Map<string, Slot>();
  readonly #versions = new Map<string, string>();
  /** Keys of servers that have started at least once. */
  readonly #proven = new Set<string>();
  #taps = 0;
  #standings = 0;

  /** `origin`: the lab's, or the address of the user's application. */
  constructor(runtime: Runtime, sampler: QueueDelaySampler, origin: Address | "origin" = "origin") {
    this.#runtime = runtime;
    this.#sampler = sampler;
    this.#origin = origin;
  }

  /** The versions that ran, by hop. */
  get versions(): Record<string, string> {
    return Object.fromEntries([...this.#versions].toSorted(([a], [b]) => a.localeCompare(b)));
  }

  /** Announces a use, so that a server is kept until its last user is done. A server with an owner is not shared. */
  reserve(servers: readonly ServerPlan[], owner: string | null = null): void {
    for (const key of keysOf(servers, owner)) {
      const slot = this.#slots.get(key) ?? { uses: 0, launch: null, retired: [] };
      slot.uses++;
      this.#slots.set(key, slot);
    }
  }

  /** Starts servers that do not run yet or crashed, from the origin to the client: each needs the address of its upstream's tap. */
  async start(servers: readonly ServerPlan[], owner: string | null = null): Promise<RunningChain> {
    const keys = keysOf(servers, owner);
    const instances: Instance[] = [];
    const taps: string[] = [];
    let upstream: Launch | null = null;
    for (const [index, plan] of servers.entries()) {
      const slot = this.#slots.get(keys[index] ?? "");
      if (!slot) throw new Error(`Server "${plan.hop}" was started without being reserved`);
      const launch = this.#launchOf(slot, plan, upstream);
      const { running, upstreamTap } = await launch.started;
      this.#versions.set(hopName(plan), running.version);
      instances.push({ key: launch.key, running });
      taps.push(upstreamTap);
      upstream = launch;
    }
    if (!upstream) return { instances, taps, clientTaps: {} };
    const { h1, ...clientTaps } = Object.fromEntries(await this.#clientTaps(upstream));
    return { instances, taps: [...taps, ...(h1 === undefined ? [] : [h1])], clientTaps };
  }

  #launchOf(slot: Slot, plan: ServerPlan, upstream: Launch | null): Launch {
    const { launch } = slot;
    if (launch && !launch.isDead && launch.upstream === upstream) return launch;
    if (launch) slot.retired.push(launch);
    const key = `${plan.hop}#${this.#standings++}`;
    const next: Launch = { key, upstream, started: this.#startOne(plan, key, upstream), clientTaps: null, isDead: false };
    void next.started
      .then(({ running }) => running.died)
      .then(
        () => (next.isDead = true),
        () => {},
      );
    return (slot.launch = next);
  }

  async #startOne(plan: ServerPlan, key: string, upstream: Launch | null): Promise<{ running: RunningServer; upstreamTap: string }> {
    const target = upstream ? (await upstream.started).running.address : this.#origin;
    const upstreamTap = `tap-${this.#taps++}`;
    const { port } = await openTap(this.#runtime, upstreamTap, target);
    const own = ownKeyOf(plan);
    const running = await this.#runtime.start(plan, port).catch((error: unknown) => {
      // It started before, so its author's program is not at fault.
      throw error instanceof AuthorError && this.#proven.has(own)
        ? new EnvironmentError(`Restarted: ${error.message}`, { cause: error })
        : error;
    });
    this.#proven.add(own);
    this.#sampler.watch(key, await running.pids());
    return { running, upstreamTap };
  }

  #clientTaps(launch: Launch): Promise<Map<ClientProtocol, string>> {
    const open = async (): Promise<Map<ClientProtocol, string>> => {
      const { address, listeners = new Map<ClientProtocol, Address>() } = (await launch.started).running;
      const taps = new Map<ClientProtocol, string>();
      for (const [protocol, target] of [["h1", address] as const, ...listeners]) {
        // A tap passes on what comes by TCP.
        if (protocol === "h3") continue;
        const id = `tap-${this.#taps++}`;
        await openTap(this.#runtime, id, target);
        taps.set(protocol, id);
      }
      return taps;
    };
    return (launch.clientTaps ??= open());
  }

  /** Ends one use. Servers without further users stop, nearest the client first. */
  async release(servers: readonly ServerPlan[], owner: string | null = null): Promise<void> {
    for (const key of keysOf(servers, owner).toReversed()) {
      const slot = this.#slots.get(key);
      if (!slot || --slot.uses > 0) continue;
      this.#slots.delete(key);
      await this.#stop(slot);
    }
  }

  async #stop({ launch, retired }: Slot): Promise<void> {
    for (const { key, started, clientTaps } of launch ? [launch, ...retired] : []) {
      this.#sampler.unwatch(key);
      const server = await started.catch(() => null);
      await server?.running[Symbol.asyncDispose]();
      const opened = await clientTaps?.catch(() => null);
      for (const tap of [...(server ? [server.upstreamTap] : []), ...(opened?.values() ?? [])]) await this.#close(tap);
    }
  }

  /** If the lab has ended, its taps are closed. */
  async #close(tap: string): Promise<void> {
    await this.#runtime.lab.ask("close-tap", { id: tap }).catch(() => {});
  }

  async [Symbol.asyncDispose](): Promise<void> {
    const slots = [...this.#slots.values()];
    this.#slots.clear();
    await Promise.allSettled(slots.map((slot) => this.#stop(slot)));
  }
}

/** Two plans of one key are served by one process: same definition, variant, middlewares and everything upstream of it. */
const keysOf = (servers: readonly ServerPlan[], owner: string | null): string[] => {
  const keys: string[] = [];
  for (const plan of servers) keys.push(`${keys.at(-1) ?? `origin of ${owner ?? "all"}`}>${ownKeyOf(plan)}`);
  return keys;
};

const openTap = (runtime: Runtime, id: string, target: Address | "origin"): Promise<{ port: number }> =>
  runtime.lab.ask("open-tap", { id, target, listen: { host: listenHost(runtime), port: 0 } });
