// The control: a straight TCP pipe in the same runtime, streaming all through the run. What it shows is what the machine does to a stream now.
import { join } from "node:path";
import { packageRoot, Shelf } from "./catalog.ts";
import type { ServerDefinition } from "./define.ts";
import { controlFigures, standstillOf } from "./model/judge/tolerance.ts";
import type { ControlFigures, QueueDelay } from "./model/trace.ts";
import { kernelKey, labBusyKey } from "./runtime/queue-delay.ts";
import type { QueueDelaySampler } from "./runtime/queue-delay.ts";
import { listenHost } from "./runtime/runtime.ts";
import type { Runtime } from "./runtime/runtime.ts";

export interface Control extends AsyncDisposable {
  /** Of a window, pooled with what was before it; with `toAt` null up to now, as soon as there are 200 samples. */
  read: (fromAt: number, toAt: number | null) => Promise<{ figures: ControlFigures; standstill: QueueDelay }>;
}

export const startControl = async (runtime: Runtime, sampler: QueueDelaySampler): Promise<Control> => {
  const entry = new Shelf<ServerDefinition>("server", [join(packageRoot, "proxies")]).find("tcp-pipe", "The control");
  const definition = await entry.load();
  if (definition.kind !== "node") throw new Error("The control needs proxies/tcp-pipe to be a Node server");
  const { port } = await runtime.lab.ask("open-control-sink", { listen: { host: listenHost(runtime), port: 0 } });
  const pipe = await runtime.start(
    { kind: "node", hop: "control", file: entry.file, definition, variant: "default", middlewares: [] },
    port,
  );
  await runtime.lab.ask("start-control", { target: pipe.address });
  sampler.watch("control", await pipe.pids());
  return {
    read: async (fromAt, toAt) => {
      const window = await runtime.lab.ask("control", { fromAt, toAt });
      const delays = ["control", "lab", kernelKey]
        .map((key) => sampler.between(key, window.fromAt, window.toAt))
        .filter((delay) => delay !== null);
      const labBusy = sampler.between(labBusyKey, window.fromAt, window.toAt);
      return { figures: controlFigures(window, delays), standstill: standstillOf(window, labBusy) };
    },
    [Symbol.asyncDispose]: () => pipe[Symbol.asyncDispose](),
  };
};
