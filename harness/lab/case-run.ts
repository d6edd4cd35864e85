// One running case: its clients, its requests at the origin, and its deadline.
import { recordOffsets } from "../model/body.ts";
import type { CaseRecording, ClientRecording, OriginRecording } from "../model/recording.ts";
import type { ClientPlan, Script } from "../model/script.ts";
import { Client, hasReceived } from "./client.ts";
import type { Http3Means } from "./client-http3.ts";
import { now } from "./clock.ts";
import type { OriginCase } from "./origin-case.ts";
import type { Ongoing } from "./origin-exchange.ts";
import { stepsLimitMs } from "./origin-script.ts";
import type { Address, CaseOrder } from "./protocol.ts";
import type { Tap } from "./tap.ts";
import { Latch, Tally, wait } from "./wait.ts";

export interface CaseTap {
  tap: Tap;
  address: Address;
}

export interface CaseTaps {
  /** From the origin to the client. */
  chain: readonly CaseTap[];
  /** Further ones to the origin. */
  besides?: readonly CaseTap[];
  /** By protocol: in front of the last hop's further listeners. */
  clients?: ReadonlyMap<string, CaseTap>;
  /** The last hop over HTTP/3, and the program that speaks it. */
  http3?: Http3Means & { hop: Address };
}

/** After this long without activity on its connections, the effects of the last byte or close have been recorded. */
const quietMs = 20;
/** The longest that a body may take to pass without a slow reader. */
const slowestBytesPerSecond = 10_000_000;
/** How long a leaving client waits for the first record of the others on its connection. */
const sharersMs = 1000;
/** The longest that a request is waited for on its way to the origin, while it still moves from hop to hop. */
const longestWayMs = 10_000;
/** A timer of a machine that is awake is no later. */
const timerMs = 20;
/** The longest wait for what a hop still sends after its upstream's end. */
const longestTailMs = 10_000;

export class CaseRun implements OriginCase {
  readonly script: Script;
  readonly subrequests: readonly string[];
  readonly #order: CaseOrder;
  readonly #taps: CaseTaps;
  /** Every tap with its place in the chain. */
  readonly #places: readonly { tap: Tap; place: number }[];
  readonly #keepBytes: number;
  readonly #startedAt = now();
  readonly #plans: ClientPlan[];
  readonly #clients: (Client | undefined)[];
  readonly #clientStarted: Latch[];
  readonly #exchanges: Ongoing[] = [];
  readonly #misread: OriginRecording[] = [];
  /** Counts the events that change the patience of clients: the begin and the end of a request at the origin. */
  readonly #changes = new Tally();
  readonly #stopped = new Latch();
  #originOverAt = -Infinity;

  constructor(order: CaseOrder, taps: CaseTaps, keepBytes: number) {
    this.#order = order;
    this.#taps = taps;
    const { chain, besides = [], clients = new Map<string, CaseTap>() } = taps;
    this.#places = [
      ...chain.map(({ tap }, place) => ({ tap, place })),
      ...besides.map(({ tap }) => ({ tap, place: 0 })),
      ...clients.values().map(({ tap }) => ({ tap, place: chain.length - 1 })),
    ];
    this.#keepBytes = order.case.keepBytes ?? keepBytes;
    this.script = order.case.script;
    this.subrequests = order.subrequests ?? [];
    this.#plans = order.case.clients;
    this.#clients = this.#plans.map(() => undefined);
    this.#clientStarted = this.#plans.map(() => new Latch());
    for (const [index, { start }] of this.#plans.entries()) {
      if (!("whenClient" in start) || (start.whenClient !== index && this.#plans[start.whenClient])) continue;
      throw new Error(
        `Client ${index} of case ${JSON.stringify(order.case.id)} waits for client ${start.whenClient}, which does not exist`,
      );
    }
  }

  get keepBytes(): number | undefined {
    return this.#order.case.keepBytes;
  }

  held(client: number): Tally {
    return this.#clients[client]?.held ?? new Tally();
  }

  began(exchange: Ongoing): void {
    this.#exchanges.push(exchange);
    this.#changed();
    const limitMs = this.#exchangeLimitMs();
    const timer = setTimeout(
      () => exchange.stop(`The script was stopped ${Math.round(limitMs)} ms after the request: its steps took too long`),
      limitMs,
    );
    exchange.over.signal(() => {
      clearTimeout(timer);
      this.#originOverAt = now();
      this.#changed();
    });
  }

  misread(recording: OriginRecording): void {
    this.#misread.push(recording);
  }

  async run(): Promise<CaseRecording> {
    const limit = setTimeout(() => this.#stop(), this.#limitMs());
    await Promise.all(this.#plans.map((plan, index) => this.#runClient(plan, index)));
    while (this.#isAsked()) await wait(null, this.#nextChange());
    clearTimeout(limit);
    if (this.#order.lingerMs) await wait(this.#order.lingerMs, this.#stopped.signal);
    const fault = this.#clients.find((client) => client?.fault)?.fault;
    if (fault) throw new Error(fault);
    await this.#quiet();
    const endedAt = now();
    const lastTap = this.#taps.chain.length - 1;
    const [connections, own, clients] = await Promise.all([
      Promise.all(this.#places.map(({ tap, place }) => tap.cut(this.#order.token, place))),
      Promise.all(this.#clients.map(async (client) => (await client?.ownRecording(lastTap)) ?? null)),
      Promise.all(this.#clients.map((client, index) => client?.recording() ?? notStarted(index, endedAt))),
    ]);
    const origin = [...this.#exchanges.map(({ recording }) => recording), ...this.#misread];
    return {
      case: this.#order.case.id,
      startedAt: this.#startedAt,
      endedAt,
      connections: [...connections.flat(), ...own.filter((one) => one !== null)],
      origin,
      clients,
    };
  }

  /** Frees what is left, and closes connections that no other case uses. */
  release(): void {
    this.#stop();
    for (const exchange of this.#exchanges) exchange.abandon();
    for (const plan of this.#plans) this.#reachOf(plan)?.tap?.destroyOf(this.#order.token);
    for (const { tap } of this.#places) tap.release(this.#order.token);
  }

  /** What a client connects to. */
  #reachOf({ protocol }: ClientPlan): { address: Address; tap: Tap | null; http3?: Http3Means } | undefined {
    const { clients, http3, chain } = this.#taps;
    if (protocol === "h3") return http3 && { address: http3.hop, tap: null, http3 };
    return clients?.get(protocol) ?? chain.at(-1);
  }

  async #runClient(plan: ClientPlan, index: number): Promise<void> {
    await this.#startOf(plan);
    const reached = this.#reachOf(plan);
    if (this.#stopped.isTripped || !reached) return;
    const host = plan.onConnectionOf === undefined ? undefined : this.#clients[plan.onConnectionOf];
    const client = new Client({
      plan,
      client: index,
      token: this.#order.token,
      script: this.script,
      target: reached.address,
      keepBytes: this.#keepBytes,
      ...(host ? { host } : {}),
      ...(reached.http3 ? { http3: reached.http3 } : {}),
      tapBlocked: (port) => reached.tap?.blockedAt(port),
      mayLeave: this.#whenSharersStream(index),
      lastResponseAt: () => Math.max(...this.#places.map(({ tap }) => tap.lastResponseAt(this.#order.token))),
    });
    this.#clients[index] = client;
    this.#clientStarted[index]?.trip();
    let stoodMs = 0;
    while (!client.ended.isTripped) {
      const deadline = this.#deadlineOf(client);
      if (deadline !== null && deadline + stoodMs <= now()) client.giveUp();
      else {
        await wait(deadline === null ? null : deadline + stoodMs - now(), client.ended.signal, this.#nextChange());
        // A machine that stands still uses up no patience: what came meanwhile is read first, which takes another turn.
        const lateMs = deadline === null ? 0 : now() - deadline - stoodMs;
        if (lateMs > timerMs) stoodMs += lateMs + timerMs;
      }
    }
    await wait(null, client.closed.signal);
  }

  /** Trips when each other client on the same connection has received something, has ended, or had enough time. */
  #whenSharersStream(index: number): Latch {
    const mayLeave = new Latch();
    const sharers = this.#plans.entries().filter(([, { onConnectionOf }]) => onConnectionOf === index);
    void Promise.all(
      sharers.map(async ([other]) => {
        await wait(null, this.#stopped.signal, (this.#clientStarted[other] as Latch).signal);
        const client = this.#clients[other];
        // An application that serves one request at a time lets it wait until the other one ends.
        if (client) await wait(sharersMs, ...hasReceived(client, { records: 1 }));
      }),
    ).then(() => mayLeave.trip());
    return mayLeave;
  }

  async #startOf({ start }: ClientPlan): Promise<void> {
    if ("afterMs" in start) return wait(start.afterMs, this.#stopped.signal);
    await wait(null, this.#stopped.signal, (this.#clientStarted[start.whenClient] as Latch).signal);
    const other = this.#clients[start.whenClient];
    if (other) await wait(null, ...hasReceived(other, start.has));
  }

  /** When this client's patience is over; null while the origin runs a script that ends. */
  #deadlineOf({ startedAt, lastBytesAt, plan }: Client): number | null {
    if (plan.firstByteWithinMs !== undefined && lastBytesAt === 0) return startedAt + plan.firstByteWithinMs;
    if (!this.script.steps.some((step) => step.do === "end" || step.do === "abort")) return startedAt + plan.patienceMs;
    if (this.#isAsked()) return null;
    // A hop that still sends its input, e.g. rate-limited, does not use up the patience.
    const stillSentAt = plan.readBytesPerSecond === null ? Math.min(lastBytesAt, this.#originOverAt + longestTailMs) : 0;
    return Math.max(startedAt, this.#originOverAt, stillSentAt, this.#movedAt(startedAt)) + plan.patienceMs;
  }

  /** When a request was last seen to move on its way to the origin. */
  #movedAt(startedAt: number): number {
    if (this.#exchanges.length > 0) return 0;
    return Math.min(startedAt + longestWayMs, Math.max(...this.#places.map(({ tap }) => tap.lastEventAt(this.#order.token))));
  }

  #isAsked(): boolean {
    return this.#exchanges.some((exchange) => !exchange.over.isTripped);
  }

  #changed(): void {
    this.#changes.raise(this.#changes.value + 1);
  }

  #nextChange() {
    return this.#changes.reaches(this.#changes.value + 1);
  }

  async #quiet(): Promise<void> {
    const untilAt = now() + Math.max(quietMs, ...this.#plans.map(({ patienceMs }) => patienceMs));
    for (let at = now(); at < untilAt; at = now()) {
      const idleMs = at - Math.max(this.#startedAt, ...this.#places.map(({ tap }) => tap.lastEventAt(this.#order.token)));
      if (idleMs >= quietMs) return;
      await wait(quietMs - idleMs);
    }
  }

  #stop(): void {
    this.#stopped.trip();
    for (const client of this.#clients) client?.destroy();
    for (const exchange of this.#exchanges)
      exchange.stop("The case was stopped: it took longer than its steps and the patience of its clients together");
  }

  #exchangeLimitMs(): number {
    const bytes = recordOffsets(this.script.body.recordBytes).at(-1) ?? 0;
    const bytesPerSecond = Math.min(slowestBytesPerSecond, ...this.#plans.map((plan) => plan.readBytesPerSecond ?? Infinity));
    return stepsLimitMs(this.script) + Math.max(0, ...this.#plans.map(({ patienceMs }) => patienceMs)) + (1000 * bytes) / bytesPerSecond;
  }

  /** Enough for clients one after the other. */
  #limitMs(): number {
    const starts = this.#plans.map(({ start, patienceMs }) => ("afterMs" in start ? start.afterMs : 0) + patienceMs);
    return starts.reduce((sum, ms) => sum + ms + this.#exchangeLimitMs() + longestTailMs, 1000);
  }
}

const notStarted = async (client: number, at: number): Promise<ClientRecording> => ({
  client,
  startedAt: at,
  connectedAt: null,
  requestedAt: null,
  response: { at: new Float64Array(0), ends: new Float64Array(0), bytes: new Uint8Array(0), droppedBytes: 0 },
  recordsAt: [],
  ended: { at, how: "gave-up" },
  problems: ["The client was not started: the case was stopped before"],
});
