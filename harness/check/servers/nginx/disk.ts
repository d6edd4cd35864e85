// The user's files on this machine, and where the container has them; nothing outside the folder that was given is ever read.
import { constants } from "node:fs";
import { open, readdir, realpath } from "node:fs/promises";
import { join, relative, sep } from "node:path";
import { plain } from "../../../report/text.ts";
import { AuthorError } from "../../../errors.ts";
import type { Layout } from "./layout.ts";
import { isTemplate } from "./template.ts";

/** A file or folder of this machine, and where the container has it. */
export interface Mount {
  source: string;
  /** As the user would name it. */
  shown: string;
  target: string;
}

const largestFile = 1024 * 1024;

const codeOf = (error: unknown): string => (error instanceof Error && "code" in error ? String(error.code) : "");
const isMissing = (error: unknown): boolean => ["ENOENT", "ENOTDIR"].includes(codeOf(error));

const words: Record<string, string> = {
  ENOENT: "there is no such file or folder",
  ENOTDIR: "there is no such file or folder",
  EACCES: "its permissions do not allow it",
  ELOOP: "it is a link that leads back to itself",
  ENAMETOOLONG: "its name is too long",
};

export const unreadable = (shown: string, cause: unknown): AuthorError =>
  cause instanceof AuthorError
    ? cause
    : new AuthorError(`${plain(shown)} cannot be read: ${words[codeOf(cause)] ?? (codeOf(cause) || String(cause))}.`, { cause });

/** Null: there is none. Throws an AuthorError for what must not or cannot be read. */
const realInside = async (path: string, shown: string, inside: string): Promise<string | null> => {
  const realFolder = await realpath(inside).catch((cause: unknown) => Promise.reject(unreadable(inside, cause)));
  const real = await realpath(path).catch((cause: unknown) => (isMissing(cause) ? null : Promise.reject(unreadable(shown, cause))));
  const way = real && relative(realFolder, real);
  if (way && (way === ".." || way.startsWith(`..${sep}`)))
    throw new AuthorError(`${plain(shown)} is outside of ${inside}, which is not allowed; copy the file into that folder.`);
  return real;
};

/** Null: there is no file of this name. */
export const readInside = async (path: string, shown: string, inside: string): Promise<Uint8Array | null> => {
  const real = await realInside(path, shown, inside);
  if (real === null) return null;
  try {
    // Not blocking: a pipe may have no writer.
    await using file = await open(real, constants.O_RDONLY | constants.O_NONBLOCK);
    const stat = await file.stat();
    if (stat.isDirectory()) return null;
    if (!stat.isFile()) throw new AuthorError(`${plain(shown)} is not a regular file.`);
    if (stat.size > largestFile)
      throw new AuthorError(
        `${shown} has ${(stat.size / largestFile).toFixed(1)} MB; a configuration file of more than ${largestFile / 1024 / 1024} MB is not read.`,
      );
    return await file.readFile();
  } catch (error) {
    throw unreadable(shown, error);
  }
};

/** The way from a mount's target to this one: empty for the mount itself, null if it does not lie there. */
const below = (mount: Mount, target: string): string | null => {
  if (target === mount.target) return "";
  const base = mount.target.endsWith("/") ? mount.target : `${mount.target}/`;
  return target.startsWith(base) ? target.slice(base.length) : null;
};

/** `inside` is absolute; all that is read lies in it. */
export const layoutOnDisk = (mounts: readonly Mount[], inside: string): Layout => ({
  shown: inside,
  read: async (target) => {
    // What lies nearest hides what lies around it.
    for (const mount of mounts.toSorted((one, other) => other.target.length - one.target.length)) {
      const way = below(mount, target);
      if (way === null) continue;
      const path = way === "" ? mount.shown : join(mount.shown, way);
      const bytes = await readInside(join(mount.source, way), path, inside);
      if (bytes) return { path, target, bytes, template: isTemplate(path) };
    }
    return null;
  },
  list: async (folder) => {
    const names = new Set<string>();
    const base = folder === "/" ? "/" : `${folder}/`;
    for (const mount of mounts) {
      if (mount.target.startsWith(base)) names.add(mount.target.slice(base.length).split("/")[0] ?? "");
      const way = below(mount, folder);
      if (way === null) continue;
      const real = await realInside(join(mount.source, way), join(mount.shown, way), inside);
      if (real === null) continue;
      for (const name of await readdir(real).catch(() => [])) names.add(name);
    }
    return [...names].filter((name) => name !== "").toSorted();
  },
});
