// One temporary folder per run, with its owner in it. A run that was killed leaves its folder, and the next one removes it.
import { lstat, mkdir, readdir, readFile, rename, rm, rmdir, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fateOf, thisOwner } from "./owner.ts";
import type { Owner } from "./owner.ts";

export interface RunFolder extends AsyncDisposable {
  path: string;
  /** A new folder in it. */
  add: (name: string) => Promise<string>;
}

const prefix = "hopwise-";
const ownerFile = "owner.json";
/** Where a run sets up its folder before it has its name: nobody takes longer. */
const unfinished = { suffix: ".new", afterMs: 60_000 };

export const makeRunFolder = async (runId: string): Promise<RunFolder> => {
  const path = join(tmpdir(), prefix + runId);
  // Servers started by root drop their privileges and must still get through.
  await mkdir(path + unfinished.suffix, { mode: process.getuid?.() === 0 ? 0o711 : 0o700 });
  await writeFile(join(path + unfinished.suffix, ownerFile), JSON.stringify(thisOwner()));
  await rename(path + unfinished.suffix, path);
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

/** Removes the folders of runs that are over, and answers their names. */
export const sweepFolders = async (): Promise<string[]> => {
  const names = (await readdir(tmpdir())).filter((name) => name.startsWith(prefix));
  const swept = await Promise.all(names.map(async (name) => ((await sweep(name).catch(() => false)) ? name : null)));
  return swept.filter((name) => name !== null);
};

const sweep = async (name: string): Promise<boolean> => {
  const path = join(tmpdir(), name);
  const stat = await lstat(path);
  if (!stat.isDirectory() || stat.uid !== (process.getuid?.() ?? stat.uid)) return false;
  if (name.endsWith(unfinished.suffix)) {
    if (Date.now() - stat.mtimeMs < unfinished.afterMs) return false;
    await rm(join(path, ownerFile), { force: true });
    await rmdir(path);
    return true;
  }
  const owner = JSON.parse(await readFile(join(path, ownerFile), "utf8")) as Owner;
  if (fateOf(owner) !== "dead") return false;
  await removeFolder(path);
  return true;
};

/** The owner's file goes last, so that a removal that was cut short is finished by the next run. */
const removeFolder = async (path: string): Promise<void> => {
  const entries = await readdir(path).catch(() => []);
  await Promise.all(
    entries.filter((entry) => entry !== ownerFile).map((entry) => rm(join(path, entry), { recursive: true, force: true, maxRetries: 3 })),
  );
  await rm(path, { recursive: true, force: true });
};
