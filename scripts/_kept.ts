// The results that are kept in results/, one file for each server and version.
import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import type { Result } from "./_results.ts";

export const keptResults = async (folder: string): Promise<Result[]> => {
  const names = (await readdir(folder)).filter((name) => /^[^@]+@.+\.json$/.test(name)).toSorted();
  return Promise.all(names.map(async (name) => JSON.parse(await readFile(join(folder, name), "utf8")) as Result));
};
