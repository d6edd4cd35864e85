// The servers whose configurations can be checked: each is a folder, and its name is its id.
import { existsSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import type { CheckableServer } from "./server.ts";

const ownFolder = join(import.meta.dirname, "servers");
/** Of the sources, and of what is built of them. */
const entryFiles = ["index.ts", "index.js"];

/** In the order of their ids. `folders`: further ones (tests bring theirs). */
export const checkableServers = async (...folders: readonly string[]): Promise<CheckableServer[]> => {
  const files = [ownFolder, ...folders].flatMap((folder) =>
    readdirSync(folder)
      .toSorted()
      .flatMap((id) => entryFiles.map((name) => join(folder, id, name)).find((file) => existsSync(file)) ?? []),
  );
  const modules = await Promise.all(files.map((file) => import(pathToFileURL(file).href) as Promise<{ default: CheckableServer }>));
  return modules.map((module) => module.default);
};
