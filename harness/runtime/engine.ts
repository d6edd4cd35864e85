// The container engine: the only file that imports testcontainers.
import { existsSync } from "node:fs";
import { homedir } from "node:os";
import { join } from "node:path";
import type { Duplex } from "node:stream";
import type { ContainerRuntimeClient, StartedTestContainer } from "testcontainers";
import { createLines } from "./lines.ts";
import type { Lines } from "./lines.ts";

type Docker = ContainerRuntimeClient["container"]["dockerode"];

export interface Engine {
  docker: Docker;
  /** Where ports that containers publish are reached. */
  host: string;
  /** On this machine, as far as ports go; its containers may still run in a virtual machine. */
  isLocal: boolean;
  start: (plan: ContainerPlan) => Promise<Container>;
}

export interface ContainerPlan {
  image: string;
  entrypoint: string[];
  environment: Record<string, string>;
  labels: Record<string, string>;
  /** Name of a network, or `container:<id>` to share that container's. */
  network: string;
  /** A second network, joined before it starts. */
  secondNetwork?: string;
  folder?: string;
  extraHosts?: Record<string, string>;
  volume?: { name: string; target: string; isReadOnly: boolean };
  /** All others are dropped; "ordinary": what a server that begins as root and gives it up needs. */
  capabilities: "ordinary" | string[];
  memoryBytes?: number;
  processes?: number;
  publish?: number;
  /** An archive to unpack at / before it starts. */
  archive?: Buffer;
  onLine?: (line: string) => void;
}

export interface Container {
  id: string;
  /** Ends with us: the engine closes it when our connection is gone. */
  input: Duplex;
  lines: Lines;
  /** How it ended, e.g. `exit code 1`. */
  exited: Promise<string>;
  addressOn: (network: string) => string;
  publishedPort: (port: number) => number;
  /** Of its first process on the engine's machine. */
  pid: () => Promise<number>;
  stop: () => Promise<void>;
}

const mib = 1024 * 1024;
export const hopLimits = { memoryBytes: 512 * mib, processes: 256 };

/** The engine's defaults but for raw sockets, device nodes and audit records. */
const ordinaryCapabilities = ["CHOWN", "DAC_OVERRIDE", "FOWNER", "FSETID", "KILL", "NET_BIND_SERVICE", "SETGID", "SETPCAP", "SETUID", "SYS_CHROOT"];

/** Says no where nothing can be there: to load what asks properly takes half a second. */
const mayHaveEngine = (): boolean => {
  const { env } = process;
  if (process.platform === "win32" || env["DOCKER_HOST"] || env["XDG_RUNTIME_DIR"]) return true;
  const home = [".testcontainers.properties", ".docker/run/docker.sock", ".docker/desktop/docker.sock"].map((file) => join(homedir(), file));
  return ["/var/run/docker.sock", `/run/user/${process.getuid?.()}/docker.sock`, ...home].some((file) => existsSync(file));
};

export const findEngine = async (withinMs: number): Promise<Engine | null> => {
  if (!mayHaveEngine()) return null;
  // Its helper is an image that would have to be pulled, and that needs the engine's socket: runs sweep for themselves.
  process.env["TESTCONTAINERS_RYUK_DISABLED"] ??= "true";
  const { getContainerRuntimeClient } = await import("testcontainers");
  const limit = Promise.withResolvers<null>();
  const timer = setTimeout(() => limit.resolve(null), withinMs);
  const client = await Promise.race([getContainerRuntimeClient().catch(() => null), limit.promise]);
  clearTimeout(timer);
  if (client === null) return null;
  const { host } = client.info.containerRuntime;
  const docker = client.container.dockerode;
  return { docker, host, isLocal: host === "localhost" || host === "127.0.0.1", start: (plan) => startContainer(docker, plan, host) };
};

const startContainer = async (docker: Docker, plan: ContainerPlan, host: string): Promise<Container> => {
  const { AbstractWaitStrategy, Box } = await boxes();
  void AbstractWaitStrategy;
  const box = new Box(docker, plan, host);
  return box.run();
};
