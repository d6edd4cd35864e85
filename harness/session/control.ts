// The control: a straight TCP pipe in the same runtime that streams throughout the run, to measure what the machine adds to a stream.
// While clients use TLS or HTTP/2, a second stream with that protocol passes through the same pipe, since it takes longer than plain TCP; while
// they use HTTP/3, one passes through a pipe that speaks it.
import { join } from "node:path";
import { packageRoot } from "../catalog/package-root.ts";
import { Shelf } from "../catalog/shelf.ts";
import type { ServerDefinition } from "../define.ts";
import type { Address } from "../lab/protocol.ts";
import { now } from "../lab/clock.ts";
import { controlFigures, http3Key, standstillOf } from "../model/judge/tolerance.ts";
import type { ClientProtocol } from "../model/script.ts";
import type { ControlFigures, QueueDelay } from "../model/trace.ts";
import { kernelKey, labBusyKey } from "../runtime/queue-delay.ts";
import type { QueueDelaySampler } from "../runtime/queue-delay.ts";
import { listenHost } from "../runtime/runtime.ts";
import type { RunningServer, Runtime } from "../runtime/runtime.ts";
import { http3PipeKey, openHttp3 } from "./http3.ts";

export interface Control extends AsyncDisposable {
  /** Figures of a window, pooled with earlier samples until there are `least`, by default 200; if `toAt` is null, up to now, once there are
   *  200. Default: plain TCP. */
  read: (
    fromAt: number,
    toAt: number | null,
    protocol?: ClientProtocol,
    least?: number,
  ) => Promise<{ figures: ControlFigures; standstill: QueueDelay }>;
  /** Starts what a control of these protocols needs, so that nothing starts while trials are measured. */
  prepare: (protocols: readonly ClientProtocol[]) => Promise<void>;
  /** Runs the control of a protocol until all callers have disposed of the result; resolves once there are 200 samples. */
  during: (protocol: ClientProtocol) => Promise<AsyncDisposable>;
}

export const startControl = async (runtime: Runtime, sampler: QueueDelaySampler): Promise<Control> => {
  const entry = new Shelf<ServerDefinition>("server", [join(packageRoot, "proxies")]).find("tcp-pipe", "The control");
  const definition = await entry.load();
  if (definition.kind !== "node") throw new Error("The control needs proxies/tcp-pipe to be a Node server");
  const { port } = await runtime.lab.ask("open-control-sink", { listen: { host: listenHost(runtime), port: 0 } });
  const start = (): Promise<RunningServer> =>
    runtime.start({ kind: "node", hop: "control", file: entry.file, definition, variant: "default", middlewares: [] }, port);
  // An engine that fails once must not cost the run.
  const pipe = await start().catch(start);
  await runtime.lab.ask("start-control", { target: pipe.address });
  sampler.watch("control", await pipe.pids());
  const controls = new Map<ClientProtocol, ProtocolControl>();
  const http3 = openHttp3(runtime, sampler);
  const pipeFor = async (protocol: ClientProtocol): Promise<Address> => (protocol === "h3" ? http3.pipe() : pipe.address);
  return {
    read: async (fromAt, toAt, protocol = "h1", least) => {
      const window = await runtime.lab.ask("control", { fromAt, toAt, protocol, ...(least === undefined ? {} : { least }) });
      // The plain TCP control always runs, and shows when the machine stood still.
      const plain = protocol === "h1" ? window : await runtime.lab.ask("control", { fromAt, toAt });
      const delays = [...(protocol === "h3" ? [http3Key, http3PipeKey] : ["control"]), "lab", kernelKey]
        .map((key) => sampler.between(key, window.fromAt, window.toAt))
        .filter((delay) => delay !== null);
      const labBusy = sampler.between(labBusyKey, plain.fromAt, plain.toAt);
      return { figures: controlFigures(window, delays), standstill: standstillOf(plain, labBusy) };
    },
    prepare: async (protocols) => {
      if (protocols.includes("h3")) await http3.pipe();
    },
    during: async (protocol) => {
      const control = controls.get(protocol) ?? new ProtocolControl(runtime, () => pipeFor(protocol), protocol);
      controls.set(protocol, control);
      return control.use();
    },
    [Symbol.asyncDispose]: async () => {
      await http3[Symbol.asyncDispose]();
      await pipe[Symbol.asyncDispose]();
    },
  };
};

/** Started by its first user, stopped by its last. The plain TCP control needs no user. */
class ProtocolControl {
  readonly #runtime: Runtime;
  readonly #pipe: () => Promise<Address>;
  readonly #protocol: ClientProtocol;
  #users = 0;
  #isRunning = false;
  /** One start or stop at a time. */
  #turn: Promise<unknown> = Promise.resolve();

  constructor(runtime: Runtime, pipe: () => Promise<Address>, protocol: ClientProtocol) {
    this.#runtime = runtime;
    this.#pipe = pipe;
    this.#protocol = protocol;
  }

  async use(): Promise<AsyncDisposable> {
    if (this.#protocol === "h1") return { [Symbol.asyncDispose]: async () => {} };
    if (this.#users++ === 0) this.#turn = this.#turn.catch(() => {}).then(() => this.#start());
    const release = async (): Promise<void> => {
      if (--this.#users === 0) await (this.#turn = this.#turn.catch(() => {}).then(() => this.#stop()));
    };
    try {
      await this.#turn;
    } catch (error) {
      await release();
      throw error;
    }
    return { [Symbol.asyncDispose]: release };
  }

  async #start(): Promise<void> {
    if (this.#isRunning) return;
    const { lab } = this.#runtime;
    await lab.ask("start-control", { target: await this.#pipe(), protocol: this.#protocol });
    this.#isRunning = true;
    await lab.ask("control", { fromAt: now(), toAt: null, protocol: this.#protocol });
  }

  /** Unless it is in use again. */
  async #stop(): Promise<void> {
    if (this.#users > 0 || !this.#isRunning) return;
    this.#isRunning = false;
    await this.#runtime.lab.ask("stop-control", { protocol: this.#protocol });
  }
}
