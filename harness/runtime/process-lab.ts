import { join } from "node:path";
import type { Lab } from "../lab/protocol.ts";
import { steerLab } from "./steer.ts";
import { startSteered } from "./child.ts";
import { wordsOfExit } from "./exit.ts";
import { within } from "./guard.ts";
import { createLines, lastWords } from "./lines.ts";
import { codeExtension, compileCache, harnessFolder } from "./places.ts";
import { EnvironmentError } from "../errors.ts";

const lastChanceMs = 1000;

/** The lab as a child, steered over a pipe and ending with it. */
export const startLab = async (node: string, host: string): Promise<{ lab: Lab; pids: () => Promise<number[]> }> => {
  const lines = createLines();
  const file = join(harnessFolder, "lab", `main${codeExtension}`);
  const { channel, exited, pids, stop } = startSteered(node, file, { ...process.env, ...compileCache() }, lines);
  const onExit = async (): Promise<string> => {
    await within(lastChanceMs, exited);
    await stop();
    return `${wordsOfExit(await exited)}.${lastWords(lines)}`;
  };
  const lab = steerLab(channel, { host, onExit });
  try {
    await lab.ask("now", {});
  } catch (error) {
    await lab[Symbol.asyncDispose]();
    throw new EnvironmentError(`The lab could not start: ${(error as Error).message}`, { cause: error });
  }
  return { lab, pids };
};
