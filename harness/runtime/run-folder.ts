// One temporary folder per run, whose name is its owner: it is never without one. A run that was killed leaves its folder, and the next one
// removes it.
import { lstat, mkdir, readdir, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fateOf, ownerFromText, ownerToText, thisOwner } from "./owner.ts";

export interface RunFolder extends AsyncDisposable {
  path: string;
  /** A new folder in it. */
  add: (name: string) => Promise<string>;
}

const prefix = "hopwise-";
/** Of a run's id, and of what an owner's text is made of. */
const separator = "-";

export const makeRunFolder = async (runId: string): Promise<RunFolder> => {
  const path = join(tmpdir(), `${prefix}${runId}${separator}${ownerToText(thisOwner(), separator)}`);
  // Servers started by root drop their privileges and must still get through.
  await mkdir(path, { mode: process.getuid?.() === 0 ? 0o711 : 0o700 });
  let count = 0;
  return {
    path,
    add: async (name) => {
      const folder = join(path, `${(count += 1)}-${name.replace(/[^\w.-]+/g, "-")}`);
      await mkdir(folder, { mode: 0o755 });
      return folder;
    },
    [Symbol.asyncDispose]: () => removeFolder(path),
  };
};

/** Removes the folders of ended runs and returns their names. */
export const sweepFolders = async (): Promise<string[]> => {
  const names = (await readdir(tmpdir())).filter((name) => name.startsWith(prefix));
  const swept = await Promise.all(names.map(async (name) => ((await sweep(name).catch(() => false)) ? name : null)));
  return swept.filter((name) => name !== null);
};

const sweep = async (name: string): Promise<boolean> => {
  const [, ...owner] = name.slice(prefix.length).split(separator);
  const found = ownerFromText(owner.join(separator), separator);
  if (found === null || fateOf(found) !== "dead") return false;
  const path = join(tmpdir(), name);
  const stat = await lstat(path);
  if (!stat.isDirectory() || stat.uid !== (process.getuid?.() ?? stat.uid)) return false;
  await removeFolder(path);
  return true;
};

/** A removal that is cut short is finished by the next run: the name goes last. */
const removeFolder = (path: string): Promise<void> => rm(path, { recursive: true, force: true, maxRetries: 3 });
