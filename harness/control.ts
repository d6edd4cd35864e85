// The control: a straight TCP pipe in the same runtime, streaming all through the run. What it shows is what the machine does to a stream now.
import { join } from "node:path";
import { packageRoot, Shelf } from "./catalog.ts";
import type { ServerDefinition } from "./define.ts";
import type { ControlWindow } from "./model/recording.ts";
import { listenHost } from "./runtime/runtime.ts";
import type { Runtime } from "./runtime/runtime.ts";

export interface Control extends AsyncDisposable {
  between: (fromAt: number, toAt: number) => Promise<ControlWindow>;
}

export const startControl = async (runtime: Runtime): Promise<Control> => {
  const entry = new Shelf<ServerDefinition>("server", [join(packageRoot, "proxies")]).find("tcp-pipe", "The control");
  const definition = await entry.load();
  if (definition.kind !== "node") throw new Error("The control needs proxies/tcp-pipe to be a Node server");
  const { port } = await runtime.lab.ask("open-control-sink", { listen: { host: listenHost(runtime), port: 0 } });
  const pipe = await runtime.start({ kind: "node", hop: "control", file: entry.file, definition, variant: "default", middlewares: [] }, port);
  await runtime.lab.ask("start-control", { target: pipe.address });
  return {
    between: (fromAt, toAt) => runtime.lab.ask("control", { fromAt, toAt }),
    [Symbol.asyncDispose]: () => pipe[Symbol.asyncDispose](),
  };
};
