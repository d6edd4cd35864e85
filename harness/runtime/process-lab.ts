import { join } from "node:path";
import type { Lab } from "../lab/protocol.ts";
import { steerLab } from "../lab/steer.ts";
import { startSteered } from "./child.ts";
import { createLines, lastWords } from "./lines.ts";
import { codeExtension, compileCache, harnessFolder } from "./places.ts";
import { WorldError } from "./runtime.ts";

const lastChanceMs = 1000;

/** The lab as a child, steered over a pipe and ending with it. */
export const startLab = async (node: string, host: string): Promise<{ lab: Lab; pids: () => Promise<number[]> }> => {
  const lines = createLines();
  const file = join(harnessFolder, "lab", `main${codeExtension}`);
  const { channel, exited, pids, kill } = startSteered(node, file, { ...process.env, ...compileCache(), HOPWISE_LAB_FD: "3" }, lines);
  const onExit = async (): Promise<string> => {
    const patience = setTimeout(kill, lastChanceMs);
    const how = await exited;
    clearTimeout(patience);
    return `${how}.${lastWords(lines)}`;
  };
  const lab = steerLab(channel, { host, onExit });
  try {
    await lab.ask("now", {});
  } catch (error) {
    await lab[Symbol.asyncDispose]();
    throw new WorldError(`The lab could not start: ${(error as Error).message}`, { cause: error });
  }
  return { lab, pids };
};
