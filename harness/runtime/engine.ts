// The container engine: the only file that imports testcontainers. It takes half a second to load, so that it is imported when needed.
import { readFile } from "node:fs/promises";
import type { Duplex } from "node:stream";
import { GenericContainer, getContainerRuntimeClient, PullPolicy } from "testcontainers";
import type { ContainerRuntimeClient, StartedTestContainer, WaitStrategy } from "testcontainers";
import { ignoreGone, intoLines, removeContainer, runIn } from "./engine-calls.ts";
import { createLines } from "./lines.ts";
import type { Lines } from "./lines.ts";
import { WorldError } from "./runtime.ts";

export type Docker = ContainerRuntimeClient["container"]["dockerode"];

export interface Engine {
  docker: Docker;
  /** Where ports that containers publish are reached. */
  host: string;
  isLocal: boolean;
  /** Set off when nobody waits any more for what it pulls or builds. */
  signal?: AbortSignal;
}

export interface ContainerPlan {
  /** Names it in sentences. */
  title: string;
  image: string;
  /** Default: the image's own. */
  entrypoint?: string[];
  command?: string[];
  environment: Record<string, string>;
  labels: Record<string, string>;
  /** Name of a network, or `container:<id>` to share that container's. */
  network: string;
  /** Joined before it starts. */
  secondNetwork?: string;
  folder?: string;
  user?: string;
  /** Addresses by name. */
  extraHosts?: Record<string, string>;
  volume?: { name: string; target: string; isReadOnly: boolean };
  /** Names by which others on its network find it. */
  aliases?: string[];
  /** Volumes of its own, removed with it: empty, or with what the image has there. */
  ownVolumes?: { target: string; isEmpty: boolean }[];
  /** What it may do as root: all else is dropped. */
  capabilities: string[];
  memoryBytes?: number;
  processes?: number;
  /** A port to publish where only this machine reaches it, or all where the engine is on another. */
  publish?: number;
  /** Kernel settings of its network namespace. */
  sysctls?: Record<string, string>;
  /** Unpacked at / before it starts. */
  archive?: Buffer;
  /** Every line of its standard output. */
  onLine?: (line: string) => void;
}

export interface Container {
  id: string;
  /** Its standard input, which the engine closes when we are gone. */
  input: Duplex;
  lines: Lines;
  /** How it ended, e.g. `exit code 1`. */
  exited: Promise<string>;
  /** The same, but never if it was told to. */
  died: Promise<string>;
  addressOn: (network: string) => string;
  publishedPort: (port: number) => number;
  /** Of its first process, on the engine's machine. */
  pid: () => Promise<number>;
  /** Whether a process of this machine is one of its own. */
  owns: (pid: number) => Promise<boolean>;
  /** Sends its first process a signal, e.g. SIGHUP. */
  signal: (name: string) => Promise<void>;
  /** Runs another program in it, and answers what that printed. */
  run: (command: string[]) => Promise<string>;
  stop: () => Promise<void>;
}

export const findEngine = async (withinMs: number): Promise<Engine | null> => {
  // Its cleaning container would have to be pulled and be given the engine's socket: runs sweep for themselves.
  process.env["TESTCONTAINERS_RYUK_DISABLED"] ??= "true";
  const limit = Promise.withResolvers<null>();
  const timer = setTimeout(() => limit.resolve(null), withinMs);
  const client = await Promise.race([getContainerRuntimeClient().catch(() => null), limit.promise]);
  clearTimeout(timer);
  if (client === null || isAnother(client)) return null;
  const { host } = client.info.containerRuntime;
  return { docker: client.container.dockerode, host, isLocal: host === "localhost" || host === "127.0.0.1" };
};

/** Where the engine that DOCKER_HOST names does not answer, testcontainers takes the one of this machine, which nobody asked for. */
const isAnother = ({ container }: ContainerRuntimeClient): boolean => {
  const { DOCKER_HOST } = process.env;
  const { socketPath } = container.dockerode.modem as { socketPath?: string };
  return (
    Boolean(DOCKER_HOST) && socketPath !== undefined && DOCKER_HOST !== `unix://${socketPath}` && DOCKER_HOST !== `npipe://${socketPath}`
  );
};

export const startContainer = async (engine: Engine, plan: ContainerPlan): Promise<Container> => new Box(engine, plan).run();

/** Whoever starts a container asks the lab whether it listens: that takes less time than any other way. */
const noWait: WaitStrategy = {
  waitUntilReady: () => Promise.resolve(),
  withStartupTimeout: () => noWait,
  isStartupTimeoutSet: () => false,
  getStartupTimeout: () => 0,
};

class Box extends GenericContainer {
  readonly #docker: Docker;
  readonly #plan: ContainerPlan;
  readonly #lines = createLines();
  #id: string | null = null;
  #input: Duplex | null = null;

  constructor({ docker, isLocal }: Engine, plan: ContainerPlan) {
    super(plan.image);
    this.#docker = docker;
    this.#plan = plan;
    const {
      entrypoint,
      command,
      aliases,
      ownVolumes = [],
      environment,
      labels,
      network,
      user,
      extraHosts = {},
      capabilities,
      publish,
      volume,
      folder,
      memoryBytes,
      processes,
      sysctls,
    } = plan;
    if (entrypoint) this.withEntrypoint(entrypoint);
    if (command) this.withCommand(command);
    if (aliases) Object.assign(this.createOpts, { NetworkingConfig: { EndpointsConfig: { [network]: { Aliases: aliases } } } });
    this.withEnvironment(environment).withLabels(labels).withNetworkMode(network);
    this.withExtraHosts(Object.entries(extraHosts).map(([host, ipAddress]) => ({ host, ipAddress })));
    this.withDroppedCapabilities("ALL")
      .withAddedCapabilities(...capabilities)
      .withSecurityOpt("no-new-privileges:true");
    this.withWaitStrategy(noWait).withPullPolicy(PullPolicy.neverPull()).withAutoCleanup(false);
    // The engine asks its machine's name servers otherwise, from where there is a route out; here a name is known at once or not at all.
    if (!network.startsWith("container:")) Object.assign(this.hostConfig, { Dns: ["127.0.0.1"], DnsOptions: ["timeout:1", "attempts:1"] });
    if (user !== undefined) this.withUser(user);
    if (folder !== undefined) this.withWorkingDir(folder);
    Object.assign(this.createOpts, { OpenStdin: true, StdinOnce: true, AttachStdin: true });
    if (memoryBytes !== undefined) Object.assign(this.hostConfig, { Memory: memoryBytes, MemorySwap: memoryBytes });
    if (sysctls) Object.assign(this.hostConfig, { Sysctls: sysctls });
    if (processes !== undefined) this.hostConfig.PidsLimit = processes;
    this.hostConfig.Mounts = ownVolumes.map(({ target, isEmpty }) => ({
      Type: "volume",
      Source: "",
      Target: target,
      VolumeOptions: { NoCopy: isEmpty, Labels: {}, DriverConfig: { Name: "", Options: {} } },
    }));
    if (volume) this.hostConfig.Mounts.push({ Type: "volume", Source: volume.name, Target: volume.target, ReadOnly: volume.isReadOnly });
    if (publish !== undefined) {
      this.withExposedPorts(publish);
      this.hostConfig.PortBindings = { [`${publish}/tcp`]: [{ HostIp: isLocal ? "127.0.0.1" : "", HostPort: "0" }] };
    }
  }

  async run(): Promise<Container> {
    try {
      return this.#describe(await this.start());
    } catch (error) {
      const { title, image } = this.#plan;
      if (this.#id !== null) await removeContainer(this.#docker, this.#id).catch(() => {});
      throw new WorldError(`${title} could not be started in a container of ${image}: ${(error as Error).message}`, { cause: error });
    }
  }

  protected override containerCreated = async (id: string): Promise<void> => {
    this.#id = id;
    const { secondNetwork, archive, onLine } = this.#plan;
    const container = this.#docker.getContainer(id);
    if (secondNetwork !== undefined) await this.#docker.getNetwork(secondNetwork).connect({ Container: id });
    if (archive) await container.putArchive(archive, { path: "/" });
    const stream = await container.attach({ stream: true, stdin: true, stdout: true, stderr: true, hijack: true });
    const output = createLines(onLine);
    this.#docker.modem.demuxStream(stream, intoLines(this.#lines, output), intoLines(this.#lines));
    stream.on("error", () => {});
    this.#input = stream as Duplex;
  };

  #describe(started: StartedTestContainer): Container {
    const container = this.#docker.getContainer(started.getId());
    const exited = Promise.withResolvers<string>();
    const died = Promise.withResolvers<string>();
    let told = false;
    const end = async ({ StatusCode }: { StatusCode: number }): Promise<void> => {
      const isOutOfMemory = await container.inspect().then(
        ({ State }) => State.OOMKilled,
        () => false,
      );
      const how = isOutOfMemory ? `its memory of ${(this.#plan.memoryBytes ?? 0) >> 20} MiB used up` : `exit code ${StatusCode}`;
      exited.resolve(how);
      if (!told) died.resolve(how);
    };
    container.wait().then(end, () => {
      exited.resolve("an unknown exit code");
      if (!told) died.resolve("an unknown exit code");
    });
    return {
      id: container.id,
      input: this.#input as Duplex,
      lines: this.#lines,
      exited: exited.promise,
      died: died.promise,
      addressOn: (network) => started.getIpAddress(network),
      publishedPort: (port) => started.getMappedPort(port),
      pid: async () => (await container.inspect()).State.Pid,
      owns: async (pid) => (await readFile(`/proc/${pid}/cgroup`, "utf8").catch(() => "")).includes(container.id),
      signal: (name) => container.kill({ signal: name }),
      run: (command) => runIn(container, command),
      stop: async () => {
        told = true;
        this.#input?.destroy();
        await started.stop({ timeout: 0 }).catch(ignoreGone);
      },
    };
  }
}
