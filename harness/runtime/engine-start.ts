// Starts a container, and follows what it prints and how it ends.
import { readFile } from "node:fs/promises";
import type { Duplex } from "node:stream";
import { finished } from "node:stream/promises";
import { setTimeout as delay } from "node:timers/promises";
import { GenericContainer, PullPolicy } from "testcontainers";
import type { StartedTestContainer, WaitStrategy } from "testcontainers";
import { ignoreGone, intoLines, removeContainer, runIn, runToExitIn } from "./engine-calls.ts";
import type { Container, ContainerPlan } from "./engine-container.ts";
import type { Docker, Engine } from "./engine.ts";
import { wordsOfExit } from "./exit.ts";
import type { Exit } from "./exit.ts";
import { createLines } from "./lines.ts";
import { EnvironmentError } from "../errors.ts";
import { tar } from "./tar.ts";

export const startContainer = async (engine: Engine, plan: ContainerPlan): Promise<Container> => new Box(engine, plan).run();

/** How long after a container's end the rest of its output may take. */
const outputWithinMs = 1000;

/** The caller asks the lab whether the container listens, which is faster than any strategy of testcontainers. */
const noWait: WaitStrategy = {
  waitUntilReady: () => Promise.resolve(),
  withStartupTimeout: () => noWait,
  isStartupTimeoutSet: () => false,
  getStartupTimeout: () => 0,
};

/** Last in an archive that arrives through standard input: tar takes one that is cut between two files for complete. */
const lastFile = "/.hopwise-unpacked";

/** The exit code with which `docker run`, too, says that the engine is at fault and the program never ran. */
const notUnpacked = 125;

/** `head` leaves the rest of the input to the program. */
const unpackingFirst = (bytes: number, program: readonly string[]): string[] => [
  "/bin/sh",
  "-c",
  `if head -c "$0" | tar -x -C / && rm ${lastFile}; then exec "$@"; fi; exit ${notUnpacked}`,
  String(bytes),
  ...program,
];

const archiveOf = ({ files = [], unpacksItself }: ContainerPlan): Buffer | null => {
  if (files.length === 0) return null;
  return tar(unpacksItself ? [...files, { name: lastFile, kind: "file", body: "" }] : files);
};

class Box extends GenericContainer {
  readonly #docker: Docker;
  readonly #plan: ContainerPlan;
  readonly #archive: Buffer | null;
  readonly #lines = createLines();
  #id: string | null = null;
  #input: Duplex | null = null;

  constructor({ docker, isLocal }: Engine, plan: ContainerPlan) {
    super(plan.image);
    this.#docker = docker;
    this.#plan = plan;
    const { entrypoint, command, environment, labels, network, user, folder, extraHosts = {}, capabilities } = plan;
    this.#archive = archiveOf(plan);
    if (entrypoint)
      this.withEntrypoint(plan.unpacksItself && this.#archive ? unpackingFirst(this.#archive.length, entrypoint) : entrypoint);
    if (command) this.withCommand(command);
    this.withEnvironment(environment).withLabels(labels).withNetworkMode(network);
    this.withExtraHosts(Object.entries(extraHosts).map(([host, ipAddress]) => ({ host, ipAddress })));
    this.withDroppedCapabilities("ALL")
      .withAddedCapabilities(...capabilities)
      .withSecurityOpt("no-new-privileges:true");
    this.withWaitStrategy(noWait).withPullPolicy(PullPolicy.neverPull()).withAutoCleanup(false);
    if (user !== undefined) this.withUser(user);
    if (folder !== undefined) this.withWorkingDir(folder);
    Object.assign(this.createOpts, { OpenStdin: true, StdinOnce: true, AttachStdin: true });
    this.#limit(plan);
    this.#mount(plan);
    this.#connect(plan, isLocal);
  }

  #limit({ memoryBytes, processes, sysctls }: ContainerPlan): void {
    if (memoryBytes !== undefined) Object.assign(this.hostConfig, { Memory: memoryBytes, MemorySwap: memoryBytes });
    if (sysctls) Object.assign(this.hostConfig, { Sysctls: sysctls });
    if (processes !== undefined) this.hostConfig.PidsLimit = processes;
  }

  #mount({ ownVolumes = [], volume }: ContainerPlan): void {
    this.hostConfig.Mounts = ownVolumes.map(({ target, isEmpty }) => ({
      Type: "volume",
      Source: "",
      Target: target,
      VolumeOptions: { NoCopy: isEmpty, Labels: {}, DriverConfig: { Name: "", Options: {} } },
    }));
    if (volume) this.hostConfig.Mounts.push({ Type: "volume", Source: volume.name, Target: volume.target, ReadOnly: volume.isReadOnly });
  }

  #connect({ network, aliases, publish }: ContainerPlan, isLocal: boolean): void {
    if (aliases) Object.assign(this.createOpts, { NetworkingConfig: { EndpointsConfig: { [network]: { Aliases: aliases } } } });
    // Otherwise the engine would forward lookups to the host's name servers, which have a route out.
    if (!network.startsWith("container:") && network !== "none")
      Object.assign(this.hostConfig, { Dns: ["127.0.0.1"], DnsOptions: ["timeout:1", "attempts:1"] });
    if (publish === undefined) return;
    this.withExposedPorts(publish);
    this.hostConfig.PortBindings = { [`${publish}/tcp`]: [{ HostIp: isLocal ? "127.0.0.1" : "", HostPort: "0" }] };
  }

  async run(): Promise<Container> {
    try {
      return this.#describe(await this.start());
    } catch (error) {
      const { title, image } = this.#plan;
      // The engine does not close it if the container never started.
      this.#input?.destroy();
      if (this.#id !== null) await removeContainer(this.#docker, this.#id).catch(() => {});
      throw new EnvironmentError(`${title} could not start in a container of image ${image}: ${(error as Error).message}`, {
        cause: error,
      });
    }
  }

  protected override containerCreated = async (id: string): Promise<void> => {
    this.#id = id;
    const { secondNetwork, unpacksItself, onLine } = this.#plan;
    const archive = this.#archive;
    const container = this.#docker.getContainer(id);
    if (secondNetwork !== undefined) await this.#docker.getNetwork(secondNetwork).connect({ Container: id });
    if (archive && !unpacksItself) await container.putArchive(archive, { path: "/" });
    const stream = await container.attach({ stream: true, stdin: true, stdout: true, stderr: true, hijack: true });
    const output = createLines(onLine);
    this.#docker.modem.demuxStream(stream, intoLines(this.#lines, output), intoLines(this.#lines));
    stream.on("error", () => {});
    this.#input = stream as Duplex;
    if (archive && unpacksItself) this.#input.write(archive);
  };

  #describe(started: StartedTestContainer): Container {
    const container = this.#docker.getContainer(started.getId());
    const exited = Promise.withResolvers<Exit>();
    const died = Promise.withResolvers<Exit>();
    let isStopping = false;
    const end = (exit: Exit): void => {
      exited.resolve(exit);
      if (!isStopping) died.resolve(exit);
    };
    const exitOf = async ({ StatusCode }: { StatusCode: number }): Promise<Exit> => {
      if (this.#plan.unpacksItself && StatusCode === notUnpacked)
        return { notStarted: "its files not unpacked: the connection to the container engine was lost" };
      const isOutOfMemory = await container.inspect().then(
        ({ State }) => State.OOMKilled,
        () => false,
      );
      return isOutOfMemory ? { outOfMemoryBytes: this.#plan.memoryBytes ?? 0 } : { code: StatusCode };
    };
    const input = this.#input as Duplex;
    // What it said last is why it ended.
    const saidAll = finished(input, { writable: false }).catch(() => {});
    void container
      .wait()
      .then(exitOf, (): Exit => "unknown")
      .then(async (exit) => {
        await Promise.race([saidAll, delay(outputWithinMs, undefined, { ref: false })]);
        end(exit);
      });
    return {
      id: container.id,
      input,
      lines: this.#lines,
      exited: exited.promise,
      died: died.promise,
      addressOn: (network) => started.getIpAddress(network),
      publishedPort: (port) => started.getMappedPort(port),
      pid: async () => (await container.inspect()).State.Pid,
      owns: async (pid) => (await readFile(`/proc/${pid}/cgroup`, "utf8").catch(() => "")).includes(container.id),
      signal: (name) => container.kill({ signal: name }),
      run: (command) => runIn(container, command),
      succeed: async (command) => {
        const { code, text } = await runToExitIn(container, command);
        if (code !== 0)
          throw new EnvironmentError(
            `${this.#plan.title}: "${command.join(" ")}" ended with ${wordsOfExit(code === null ? "unknown" : { code })}: ${text}`,
          );
      },
      stop: async () => {
        isStopping = true;
        this.#input?.destroy();
        const remove = (): Promise<void> => removeContainer(this.#docker, container.id).catch(ignoreGone);
        // A failing engine call must not discard the measurement.
        await remove().catch(remove);
      },
    };
  }
}
