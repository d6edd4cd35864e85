// The lab in a container. Hops reach it on the run's internal network, which has no route out. Hopwise controls it over a second network, by TCP.
import { randomBytes } from "node:crypto";
import { once } from "node:events";
import { connect } from "node:net";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import type { Lab } from "../lab/protocol.ts";
import { steerLab } from "./steer.ts";
import { createClosure, loader } from "./closure.ts";
import type { Container, ContainerPlan } from "./engine-container.ts";
import type { Engine } from "./engine.ts";
import { wordsOfExit } from "./exit.ts";
import { lastWords } from "./lines.ts";
import { startPatience } from "./patience.ts";
import { codeExtension, harnessFolder } from "./places.ts";
import { socketFolder, socketsOf } from "./run-network.ts";
import type { RunNetwork } from "./run-network.ts";
import type { TarEntry } from "./tar.ts";
import { EnvironmentError } from "../errors.ts";

export interface ContainerLab {
  lab: Lab;
  container: Container;
  /** Its address on the internal network. */
  address: string;
  /** Whether it also has the network's spare addresses. */
  hasSpare: boolean;
}

const port = 7000;
const root = "/hopwise";
const readyWithinMs = 10_000;
const tryEveryMs = 10;
const lastChanceMs = 1000;
const noSpare = "no spare addresses";

/** Adds the spare addresses, then drops all privileges. */
const program = `
chmod 0777 ${socketFolder}
if ! ip route add local "$1" dev lo; then echo "${noSpare}"; fi
shift
exec setpriv --reuid=65534 --regid=65534 --clear-groups --inh-caps=-all --bounding-set=-all --no-new-privs "$@"
`;

/** What it runs: collecting it takes this machine's processor, while the engine makes the network. */
export interface LabProgram {
  files: TarEntry[];
  command: string[];
}

export const collectLab = async (): Promise<LabProgram> => {
  const main = join(harnessFolder, "lab", `main${codeExtension}`);
  const closure = createClosure(root);
  const loaderFile = `${root}/loader.mjs`;
  return {
    files: [...(await closure.collect([main])), { name: loaderFile, kind: "file", body: loader }],
    command: ["node", "--import", loaderFile, closure.locate(main)],
  };
};

type Start = (plan: Omit<ContainerPlan, "labels">) => Promise<Container>;

export const startContainerLab = async (
  start: Start,
  engine: Engine,
  image: string,
  network: RunNetwork,
  { files, command }: LabProgram,
): Promise<ContainerLab> => {
  const secret = randomBytes(16).toString("hex");
  const container = await start({
    title: "The lab",
    image,
    network: "bridge",
    secondNetwork: network.name,
    volume: { name: socketsOf(network.name), target: socketFolder, isReadOnly: false },
    entrypoint: ["/bin/sh", "-c", program, "lab", network.spare ?? "", ...command],
    environment: { HOPWISE_LAB_PORT: String(port), HOPWISE_LAB_SECRET: secret },
    capabilities: ["NET_ADMIN", "SETUID", "SETGID", "SETPCAP"],
    publish: port,
    files,
    unpacksItself: true,
  });
  const address = container.addressOn(network.name);
  const lab = await steered(engine, container, { host: address, secret });
  return { lab, container, address, hasSpare: network.spare !== null && !container.lines.last(20).includes(noSpare) };
};

/** A published port accepts connections before the lab does, and drops them: only an answer shows that the lab is ready. */
const steered = async (engine: Engine, container: Container, options: { host: string; secret: string }): Promise<Lab> => {
  let ended: string | null = null;
  let isSteered = false;
  const onExit = (): Promise<string> => (isSteered ? endOf(container) : Promise.resolve(""));
  container.exited.then((exit) => (ended = wordsOfExit(exit))).catch(() => {});
  const withinMs = startPatience(readyWithinMs);
  const until = performance.now() + withinMs;
  for (;;) {
    const socket = connect({ host: engine.host, port: container.publishedPort(port), noDelay: true });
    const isOpen = await once(socket, "connect").then(
      () => true,
      () => false,
    );
    if (isOpen) {
      const lab = steerLab(socket, { ...options, onExit });
      isSteered = await lab.ask("now", {}).then(
        () => true,
        () => false,
      );
      if (isSteered) return lab;
    }
    socket.destroy();
    const problem = ended ?? (performance.now() > until ? `no answer within ${Math.round(withinMs)} ms` : null);
    if (problem !== null) throw new EnvironmentError(`The lab's container did not start: ${problem}.${lastWords(container.lines)}`);
    await delay(tryEveryMs);
  }
};

const endOf = async ({ exited, lines }: Container): Promise<string> => {
  const patience = new AbortController();
  const exit = await Promise.race([exited, delay(lastChanceMs, null, patience)]);
  patience.abort();
  return `${exit === null ? `no end within ${lastChanceMs} ms` : wordsOfExit(exit)}.${lastWords(lines)}`;
};
