// What a container is started with, and what a run can do with it.
import type { Duplex } from "node:stream";
import type { Exit } from "./exit.ts";
import type { Lines } from "./lines.ts";
import type { TarEntry } from "./tar.ts";

export interface ContainerPlan {
  /** Its name in messages. */
  title: string;
  image: string;
  /** Default: the image's own. */
  entrypoint?: string[];
  command?: string[];
  environment: Record<string, string>;
  labels: Record<string, string>;
  /** Name of a network, or `container:<id>` to share that container's. */
  network: string;
  /** Connected before it starts. */
  secondNetwork?: string;
  folder?: string;
  user?: string;
  /** Addresses by name. */
  extraHosts?: Record<string, string>;
  volume?: { name: string; target: string; isReadOnly: boolean };
  /** Names by which others on its network find it. */
  aliases?: string[];
  /** Anonymous volumes, removed with the container: empty, or filled from the image. */
  ownVolumes?: { target: string; isEmpty: boolean }[];
  /** Capabilities it keeps; all others are dropped. */
  capabilities: string[];
  memoryBytes?: number;
  processes?: number;
  /** A port to publish: on the loopback interface, or on all interfaces if the engine runs on another machine. */
  publish?: number;
  /** Kernel settings of its network namespace. */
  sysctls?: Record<string, string>;
  /** Unpacked at / before its program starts. */
  files?: readonly TarEntry[];
  /** They are unpacked by the image's own tar, which saves the engine a process of its own: the image needs a shell and tar, and an entry point is
   *  given. */
  unpacksItself?: boolean;
  /** Every line of its standard output. */
  onLine?: (line: string) => void;
}

export interface Container {
  id: string;
  /** Its standard input, which the engine closes when Hopwise ends. */
  input: Duplex;
  lines: Lines;
  exited: Promise<Exit>;
  /** How it ended, if it ended before `stop`. */
  died: Promise<Exit>;
  addressOn: (network: string) => string;
  publishedPort: (port: number) => number;
  /** Process id of its first process, on the engine's machine. */
  pid: () => Promise<number>;
  /** Whether a process on this machine belongs to it. */
  owns: (pid: number) => Promise<boolean>;
  /** Sends its first process a signal, e.g. SIGHUP. */
  signal: (name: string) => Promise<void>;
  /** Runs another program in it and returns its output. */
  run: (command: string[]) => Promise<string>;
  /** Runs another program in it, whose exit code must be 0. */
  succeed: (command: string[]) => Promise<void>;
  stop: () => Promise<void>;
}
