// Two runtimes, one definition of a server: `process.ts` runs hops as child processes, `container.ts` in containers.
import type { BinaryServer, NodeServer, Variant } from "../define.ts";
import type { ClientProtocol, FurtherProtocol } from "../model/script.ts";
import type { Address, Lab } from "../lab/protocol.ts";
import type { AskedVersion } from "../catalog/versions.ts";

/** A middleware of a Node server, with the file that its host imports. */
export interface MiddlewarePlan {
  id: string;
  file: string;
  variant: string;
  /** The npm packages that it wraps. */
  packages?: string[];
}

/** One server to start, with everything decided except its address. */
export type ServerPlan =
  | {
      kind: "node";
      hop: string;
      file: string;
      definition: NodeServer;
      variant: string;
      middlewares: MiddlewarePlan[];
      /** The major version of Node to run it on, where the chain names one. */
      node?: number | null;
    }
  | {
      kind: "binary";
      hop: string;
      definition: BinaryServer;
      variant: string;
      settings: Variant;
      image: string | null;
      /** Where the chain names one. */
      version?: AskedVersion | null;
      /** How many times faster its clock runs; default 1. */
      timeScale?: number;
      /** What its clients speak besides HTTP/1.1 over TCP. */
      listeners?: readonly FurtherProtocol[];
    }
  /** Any command that listens on PORT and forwards to UPSTREAM (`--hop`); in containers it is unsupported. */
  | { kind: "command"; hop: string; command: string; workingFolder: string };

export interface RunningServer extends AsyncDisposable {
  hop: string;
  /** Where the lab reaches it. */
  address: Address;
  /** Where clients of another protocol than HTTP/1.1 over TCP reach it, if not there. */
  listeners?: ReadonlyMap<ClientProtocol, Address>;
  /** Where the lab reads what its probes saw; null where it has none. */
  probes: Address | null;
  /** The version that really runs, e.g. `nginx/1.26.3` or `node v24.21.0, http-proxy 1.18.1`. */
  version: string;
  /** Process ids on this machine, children included, for the run-queue delay; empty where they cannot be known. */
  pids: () => Promise<number[]>;
  /** The last lines of its log. */
  lastLines: (count: number) => string[];
  /** Reloads its configuration or its code; absent if it cannot. */
  reload?: () => Promise<void>;
  /** Resolves with a sentence (name, exit code or signal, last lines) if it ends before it is stopped. */
  died: Promise<string>;
}

export interface Runtime extends AsyncDisposable {
  readonly name: "process" | "container";
  readonly lab: Lab;
  /** Process ids of the lab on this machine, for its own run-queue delay; empty where they cannot be known. */
  readonly labPids: () => Promise<number[]>;
  /** Why this server cannot run here, with the fix, or null if it can. */
  unsupported: (plan: ServerPlan) => Promise<string | null>;
  /** Starts a server in front of `upstreamPort` of the lab and waits until it accepts connections. */
  start: (plan: ServerPlan, upstreamPort: number) => Promise<RunningServer>;
}

/** Where the lab listens: on the loopback interface only, or on all addresses of its own container. */
export const listenHost = ({ name }: Runtime): string => (name === "process" ? "127.0.0.1" : "0.0.0.0");
