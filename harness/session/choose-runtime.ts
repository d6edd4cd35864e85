// Chooses the runtime of a run. The engine's client takes half a second to load, so it is loaded only if needed.
import { step } from "../progress.ts";
import type { OnProgress } from "../progress.ts";
import { existsSync } from "node:fs";
import { homedir } from "node:os";
import { join } from "node:path";
import type { Entry } from "../catalog/shelf.ts";
import { runsCommand } from "./chain.ts";
import type { Scenario } from "../define.ts";
import type { Engine } from "../runtime/engine.ts";
import { openProcess } from "../runtime/process.ts";
import { EnvironmentError } from "../errors.ts";
import type { Runtime } from "../runtime/runtime.ts";

export const runtimeChoices = ["auto", "container", "process"] as const;
export type RuntimeChoice = (typeof runtimeChoices)[number];

/** A command runs on this machine, so a run with one uses processes for all hops unless --runtime is given. */
export const settleRuntime = async (
  runtimeChoice: RuntimeChoice,
  scenarios: readonly Entry<Scenario>[],
): Promise<{ runtimeChoice: RuntimeChoice; because: string | null }> => {
  if (runtimeChoice !== "auto") return { runtimeChoice, because: null };
  for (const { id, load } of scenarios)
    if (runsCommand(await load()))
      return {
        runtimeChoice: "process",
        because: `Scenario "${id}" runs a command on this machine, so all hops run as processes; run scenarios that need containers separately`,
      };
  return { runtimeChoice, because: null };
};

export interface RuntimeOptions {
  /** One line for each step that takes long, such as building an image. */
  onProgress?: OnProgress;
  /** Aborts steps that take long: pulling or building an image. */
  signal?: AbortSignal;
}

const engineWithinMs = 2000;

export const openRuntime = async (
  runtimeChoice: RuntimeChoice,
  { onProgress = () => {}, signal }: RuntimeOptions = {},
): Promise<Runtime> => {
  if (runtimeChoice === "process") return openProcess();
  const engine = await askForEngine(signal);
  if (engine === null && runtimeChoice === "auto") return openProcess();
  if (engine === null)
    throw new EnvironmentError(
      `No container engine answered within ${engineWithinMs} ms${where()}: start one (Debian: "npm run prepare-engine"), or use --runtime process.`,
    );
  const { openContainer } = await import("../runtime/container.ts");
  try {
    return await openContainer(engine, onProgress);
  } catch (error) {
    if (runtimeChoice === "container" || signal?.aborted || !(error instanceof EnvironmentError)) throw error;
    onProgress(step(`${error.message} Using processes instead of containers.`));
    return openProcess();
  }
};

/** The engine's address in DOCKER_HOST. */
export const namedEngine = (): string | null => process.env["DOCKER_HOST"] || null;

const where = (): string => (namedEngine() === null ? "" : ` at ${namedEngine()} (DOCKER_HOST)`);

/** The container engine of this machine or of DOCKER_HOST, if it answers. */
export const askForEngine = async (signal?: AbortSignal): Promise<Engine | null> => {
  const engine = mayHaveEngine() ? await (await import("../runtime/engine.ts")).findEngine(engineWithinMs) : null;
  return engine && signal ? { ...engine, signal } : engine;
};

/** False only if there can be none. */
const mayHaveEngine = (): boolean => {
  if (process.platform === "win32" || process.env["DOCKER_HOST"]) return true;
  const home = [".testcontainers.properties", ".docker/run/docker.sock", ".docker/desktop/docker.sock"].map((file) =>
    join(homedir(), file),
  );
  const folders = [process.env["XDG_RUNTIME_DIR"], `/run/user/${process.getuid?.()}`, "/var/run"].filter((folder) => folder !== undefined);
  return [...home, ...folders.map((folder) => join(folder, "docker.sock"))].some((file) => existsSync(file));
};
