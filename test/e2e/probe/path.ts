// What a probe is tried on: `hopwise origin` as a process, and hops in front of it as processes, as an outsider sees them.
import { once } from "node:events";
import type { Readable } from "node:stream";
import { openCatalog } from "../../../harness/catalog/catalog.ts";
import { packageRoot } from "../../../harness/catalog/package-root.ts";
import type { NodeServer } from "../../../harness/define.ts";
import { startChild } from "../../../harness/runtime/child.ts";
import { startNodeHop } from "../../../harness/runtime/process-hop.ts";
import type { Run } from "../../../harness/runtime/process-hop.ts";
import type { RunningServer } from "../../../harness/runtime/runtime.ts";
import { startHopwise } from "../_cli.ts";

export interface Origin extends AsyncDisposable {
  port: number;
}

export const startOrigin = async (host = "127.0.0.1"): Promise<Origin> => {
  const { child, ended } = startHopwise(["origin", "--port", "0", "--host", host]);
  const port = await portSaid(child.stdout as Readable);
  return {
    port,
    [Symbol.asyncDispose]: async () => {
      child.kill("SIGTERM");
      await ended;
    },
  };
};

const portSaid = async (output: Readable): Promise<number> => {
  const [line] = (await once(output, "data")) as [Buffer];
  const port = Number(/:(\d+)\//.exec(line.toString())?.[1]);
  if (!port) throw new Error(`hopwise origin said no port: ${line.toString()}`);
  return port;
};

export interface HopOf {
  server: string;
  variant: string;
  /** In the order of the response's bytes. */
  middlewares?: { id: string; variant: string }[];
}

const catalog = openCatalog({ servers: [`${packageRoot}/test/mutants`] });

/** A hop of Node needs nothing else of a run. */
const run: Pick<Run, "node" | "add"> = { node: process.execPath, add: startChild };

export const startHop = async ({ server, variant, middlewares = [] }: HopOf, upstreamPort: number): Promise<RunningServer> => {
  const entry = catalog.servers.find(server, "the test");
  const definition = (await entry.load()) as NodeServer;
  const inside = middlewares.map((one) => ({ ...one, file: catalog.middlewares.find(one.id, "the test").file }));
  return startNodeHop(run as Run, { kind: "node", hop: server, file: entry.file, definition, variant, middlewares: inside }, upstreamPort);
};

/** It speaks TLS to its client. */
export const schemeOf = ({ server }: Pick<HopOf, "server">): "http" | "https" => (server.startsWith("h2-") ? "https" : "http");
