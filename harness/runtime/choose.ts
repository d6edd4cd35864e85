// Which runtime a run gets. What is not needed is not loaded: the engine's client takes half a second.
import { existsSync } from "node:fs";
import { homedir } from "node:os";
import { join } from "node:path";
import type { Entry } from "../catalog.ts";
import { runsCommand } from "../chain.ts";
import type { Scenario } from "../define.ts";
import type { Engine } from "./engine.ts";
import { openProcess } from "./process.ts";
import { WorldError } from "./runtime.ts";
import type { Runtime } from "./runtime.ts";

export const runtimeWishes = ["auto", "container", "process"] as const;
export type RuntimeWish = (typeof runtimeWishes)[number];

/** A command is of this machine: where nothing else is wished for, a run with one takes processes for all of its hops. */
export const settleWish = async (
  wish: RuntimeWish,
  scenarios: readonly Entry<Scenario>[],
): Promise<{ wish: RuntimeWish; because: string | null }> => {
  if (wish !== "auto") return { wish, because: null };
  for (const { id, load } of scenarios)
    if (runsCommand(await load()))
      return {
        wish: "process",
        because: `Scenario "${id}" runs a command of this machine, so all hops run in processes; run what needs containers by itself`,
      };
  return { wish, because: null };
};

export interface RuntimeOptions {
  /** One line at a time: what takes long, such as an image that has to be built. */
  onProgress?: (text: string) => void;
  /** Set off, it ends what takes long: an image that is pulled or built. */
  signal?: AbortSignal;
}

const engineWithinMs = 2000;

export const openRuntime = async (wish: RuntimeWish, { onProgress = () => {}, signal }: RuntimeOptions = {}): Promise<Runtime> => {
  if (wish === "process") return openProcess();
  const engine = await askForEngine(signal);
  if (engine === null && wish === "auto") return openProcess();
  if (engine === null)
    throw new WorldError(
      `No container engine answered within ${engineWithinMs} ms${where()}: start one (Debian: "npm run prepare-engine"), or use --runtime process.`,
    );
  const { openContainer } = await import("./container.ts");
  try {
    return await openContainer(engine, onProgress);
  } catch (error) {
    if (wish === "container" || signal?.aborted || !(error instanceof WorldError)) throw error;
    onProgress(`${error.message} Processes are taken instead of containers.`);
    return openProcess();
  }
};

const where = (): string => (process.env["DOCKER_HOST"] ? ` at ${process.env["DOCKER_HOST"]}, which DOCKER_HOST names` : "");

/** The container engine of this machine or of the user's configuration, if it answers. */
export const askForEngine = async (signal?: AbortSignal): Promise<Engine | null> => {
  const engine = mayHaveEngine() ? await (await import("./engine.ts")).findEngine(engineWithinMs) : null;
  return engine && signal ? { ...engine, signal } : engine;
};

/** Says no only where nothing can be there. */
const mayHaveEngine = (): boolean => {
  if (process.platform === "win32" || process.env["DOCKER_HOST"]) return true;
  const home = [".testcontainers.properties", ".docker/run/docker.sock", ".docker/desktop/docker.sock"].map((file) =>
    join(homedir(), file),
  );
  const folders = [process.env["XDG_RUNTIME_DIR"], `/run/user/${process.getuid?.()}`, "/var/run"].filter((folder) => folder !== undefined);
  return [...home, ...folders.map((folder) => join(folder, "docker.sock"))].some((file) => existsSync(file));
};
