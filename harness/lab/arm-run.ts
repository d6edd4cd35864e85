// One arm as it is played: its clients, its requests at the origin, and how long it may take.
import { recordOffsets } from "../model/body.ts";
import type { ArmRecording, ClientRecording, OriginRecording } from "../model/recording.ts";
import type { ClientPlan, Script } from "../model/script.ts";
import { Client, hasReceived } from "./client.ts";
import { now } from "./clock.ts";
import type { OriginArm } from "./origin.ts";
import type { OriginExchange } from "./origin-exchange.ts";
import { stepsLimitMs } from "./origin-script.ts";
import type { Address, ArmOrder } from "./protocol.ts";
import type { Tap } from "./tap.ts";
import { Latch, Tally, wait } from "./wait.ts";

export interface ArmTap {
  tap: Tap;
  address: Address;
}

/** Nothing has happened on the arm's connections for so long: what the last byte or closing led to has been seen. */
const quietMs = 20;
/** A body may take this long to pass although nobody reads slowly on purpose. */
const slowestBytesPerSecond = 10_000_000;
/** What a hop still sends behind its upstream's end is waited for no longer. */
const longestTailMs = 10_000;

export class ArmRun implements OriginArm {
  readonly script: Script;
  readonly asides: readonly string[];
  readonly #order: ArmOrder;
  readonly #taps: readonly ArmTap[];
  /** Every tap with its place in the chain. */
  readonly #places: readonly { tap: Tap; place: number }[];
  readonly #keepBytes: number;
  readonly #startedAt = now();
  readonly #plans: ClientPlan[];
  readonly #clients: (Client | undefined)[];
  readonly #clientStarted: Latch[];
  readonly #exchanges: OriginExchange[] = [];
  readonly #misread: OriginRecording[] = [];
  /** Counts what changes how long clients wait: requests at the origin that begin or are over. */
  readonly #changes = new Tally();
  readonly #stopped = new Latch();
  #originOverAt = -Infinity;

  constructor(order: ArmOrder, taps: readonly ArmTap[], besides: readonly ArmTap[], keepBytes: number) {
    this.#order = order;
    this.#taps = taps;
    this.#places = [...taps.map(({ tap }, place) => ({ tap, place })), ...besides.map(({ tap }) => ({ tap, place: 0 }))];
    this.#keepBytes = keepBytes;
    this.script = order.arm.script;
    this.asides = order.asides ?? [];
    this.#plans = order.arm.clients;
    this.#clients = this.#plans.map(() => undefined);
    this.#clientStarted = this.#plans.map(() => new Latch());
    for (const [index, { start }] of this.#plans.entries()) {
      if (!("whenClient" in start) || (start.whenClient !== index && this.#plans[start.whenClient])) continue;
      throw new Error(
        `Client ${index} of arm ${JSON.stringify(order.arm.id)} waits for client ${start.whenClient}, which the arm does not have`,
      );
    }
  }

  held(client: number): Tally {
    return this.#clients[client]?.held ?? new Tally();
  }

  began(exchange: OriginExchange): void {
    this.#exchanges.push(exchange);
    this.#changed();
    const limitMs = this.#exchangeLimitMs();
    const timer = setTimeout(
      () => exchange.stop(`The script was stopped ${Math.round(limitMs)} ms after the request: its steps should have been over`),
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

  async play(): Promise<ArmRecording> {
    const limit = setTimeout(() => this.#stop(), this.#limitMs());
    await Promise.all(this.#plans.map((plan, index) => this.#playClient(plan, index)));
    while (this.#isAsked()) await wait(null, this.#nextChange());
    clearTimeout(limit);
    if (this.#order.lingerMs) await wait(this.#order.lingerMs, this.#stopped.signal);
    await this.#quiet();
    const endedAt = now();
    const lastTap = this.#taps.length - 1;
    const [connections, own, clients] = await Promise.all([
      Promise.all(this.#places.map(({ tap, place }) => tap.cut(this.#order.token, place))),
      Promise.all(this.#clients.map(async (client) => (await client?.ownRecording(lastTap)) ?? null)),
      Promise.all(this.#clients.map((client, index) => client?.recording() ?? notStarted(index, endedAt))),
    ]);
    const origin = [...this.#exchanges.map(({ recording }) => recording), ...this.#misread];
    return {
      arm: this.#order.arm.id,
      startedAt: this.#startedAt,
      endedAt,
      connections: [...connections.flat(), ...own.filter((one) => one !== null)],
      origin,
      clients,
    };
  }

  /** Frees what is left: connections that nobody else uses are closed. */
  release(): void {
    this.#stop();
    for (const exchange of this.#exchanges) exchange.abandon();
    this.#taps.at(-1)?.tap.destroyOf(this.#order.token);
    for (const { tap } of this.#places) tap.release(this.#order.token);
  }

  async #playClient(plan: ClientPlan, index: number): Promise<void> {
    await this.#startOf(plan);
    const target = this.#taps.at(-1)?.address;
    if (this.#stopped.isTripped || !target) return;
    const options = { plan, client: index, token: this.#order.token, script: this.script, target, keepBytes: this.#keepBytes };
    const client = new Client(options);
    this.#clients[index] = client;
    this.#clientStarted[index]?.trip();
    while (!client.ended.isTripped) {
      const deadline = this.#deadlineOf(client);
      if (deadline !== null && deadline <= now()) client.giveUp();
      else await wait(deadline === null ? null : deadline - now(), client.ended.signal, this.#nextChange());
    }
    await wait(null, client.closed.signal);
  }

  async #startOf({ start }: ClientPlan): Promise<void> {
    if ("afterMs" in start) return wait(start.afterMs, this.#stopped.signal);
    await wait(null, this.#stopped.signal, (this.#clientStarted[start.whenClient] as Latch).signal);
    const other = this.#clients[start.whenClient];
    if (other) await wait(null, ...hasReceived(other, start.has));
  }

  /** When this client's patience is over; null while the origin plays something that has an end. */
  #deadlineOf({ startedAt, lastBytesAt, plan }: Client): number | null {
    if (!this.script.steps.some((step) => step.do === "end" || step.do === "abort")) return startedAt + plan.patienceMs;
    if (this.#isAsked()) return null;
    // A hop that is still sending what it has been given lets nobody wait: a limit of rate, a narrow line.
    const stillSentAt = plan.readBytesPerSecond === null ? Math.min(lastBytesAt, this.#originOverAt + longestTailMs) : 0;
    return Math.max(startedAt, this.#originOverAt, stillSentAt) + plan.patienceMs;
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
      exchange.stop("The arm was stopped: it took longer than its steps and its clients' patience together");
  }

  #exchangeLimitMs(): number {
    const bytes = recordOffsets(this.script.body.recordBytes).at(-1) ?? 0;
    const bytesPerSecond = Math.min(slowestBytesPerSecond, ...this.#plans.map((plan) => plan.readBytesPerSecond ?? Infinity));
    return stepsLimitMs(this.script) + Math.max(0, ...this.#plans.map(({ patienceMs }) => patienceMs)) + (1000 * bytes) / bytesPerSecond;
  }

  /** Long enough for clients that follow one another. */
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
  problems: ["It was never started: the arm was stopped before"],
});
