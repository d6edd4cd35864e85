// Which file of the user's stands where in the container; nothing outside the folder that was given is ever read.
import { constants } from "node:fs";
import { open, readdir, realpath } from "node:fs/promises";
import { join, posix, relative, sep } from "node:path";
import { AuthorError } from "../../runtime/runtime.ts";

/** A file or folder of this machine, and where the container has it. */
export interface Mount {
  source: string;
  /** As the user would name it. */
  shown: string;
  target: string;
}

export interface Layout {
  mounts: readonly Mount[];
  /** Absolute; all that is read lies in it. */
  inside: string;
}

export interface FoundFile {
  path: string;
  target: string;
  bytes: Uint8Array;
}

export const largestFile = 1024 * 1024;

const codeOf = (error: unknown): string => (error instanceof Error && "code" in error ? String(error.code) : "");
const isMissing = (error: unknown): boolean => ["ENOENT", "ENOTDIR"].includes(codeOf(error));

/** Null: there is none. Throws an AuthorError for what must not or cannot be read. */
const realInside = async (path: string, shown: string, inside: string): Promise<string | null> => {
  try {
    const real = await realpath(path);
    const way = relative(await realpath(inside), real);
    if (way === ".." || way.startsWith(`..${sep}`))
      throw new AuthorError(`${shown} leads out of ${inside}, which a configuration must not do; copy the file into that folder.`);
    return real;
  } catch (error) {
    if (error instanceof AuthorError) throw error;
    if (isMissing(error)) return null;
    throw new AuthorError(`${shown} cannot be read: ${codeOf(error) || String(error)}.`, { cause: error });
  }
};

/** Null: there is no file of this name. */
export const readInside = async (path: string, shown: string, inside: string): Promise<Uint8Array | null> => {
  const real = await realInside(path, shown, inside);
  if (real === null) return null;
  try {
    // Not blocking: a pipe has nobody at its other end.
    await using file = await open(real, constants.O_RDONLY | constants.O_NONBLOCK);
    const stat = await file.stat();
    if (stat.isDirectory()) return null;
    if (!stat.isFile()) throw new AuthorError(`${shown} is no ordinary file.`);
    if (stat.size > largestFile)
      throw new AuthorError(
        `${shown} has ${(stat.size / largestFile).toFixed(1)} MB; a configuration file of more than ${largestFile / 1024 / 1024} MB is not read.`,
      );
    return await file.readFile();
  } catch (error) {
    if (error instanceof AuthorError) throw error;
    throw new AuthorError(`${shown} cannot be read: ${codeOf(error) || String(error)}.`, { cause: error });
  }
};

/** The way from a mount's target to this one: empty for the mount itself, null if it does not lie there. */
const below = (mount: Mount, target: string): string | null => {
  if (target === mount.target) return "";
  const base = mount.target.endsWith("/") ? mount.target : `${mount.target}/`;
  return target.startsWith(base) ? target.slice(base.length) : null;
};

/** What lies nearest hides what lies around it. */
const nearestFirst = ({ mounts }: Layout): Mount[] => mounts.toSorted((one, other) => other.target.length - one.target.length);

/** Where a target comes from; null if the user brings none. */
export const locate = async (layout: Layout, target: string): Promise<Omit<Mount, "target"> | null> => {
  for (const mount of nearestFirst(layout)) {
    const way = below(mount, target);
    if (way === null) continue;
    const [source, shown] = [join(mount.source, way), way === "" ? mount.shown : join(mount.shown, way)];
    if ((await realInside(source, shown, layout.inside)) !== null) return { source, shown };
  }
  return null;
};

export const readTarget = async (layout: Layout, target: string): Promise<FoundFile | null> => {
  for (const mount of nearestFirst(layout)) {
    const way = below(mount, target);
    if (way === null) continue;
    const path = way === "" ? mount.shown : join(mount.shown, way);
    const bytes = await readInside(join(mount.source, way), path, layout.inside);
    if (bytes) return { path, target, bytes };
  }
  return null;
};

/** What is in a folder of the container, as far as the user brings it. */
export const listTarget = async (layout: Layout, folder: string): Promise<string[]> => {
  const names = new Set<string>();
  const base = folder === "/" ? "/" : `${folder}/`;
  for (const mount of layout.mounts) {
    if (mount.target.startsWith(base)) names.add(mount.target.slice(base.length).split("/")[0] ?? "");
    const way = below(mount, folder);
    if (way === null) continue;
    const real = await realInside(join(mount.source, way), join(mount.shown, way), layout.inside);
    if (real === null) continue;
    for (const name of await readdir(real).catch(() => [])) names.add(name);
  }
  return [...names].filter((name) => name !== "").toSorted();
};

const isPattern = (text: string): boolean => /[*?[]/.test(text);

/** Patterns with more take for ever on a name that is made for it. */
const mostStars = 6;

/** As glob(3) does it: `*` and `?` stop at a slash, and do not match a leading dot. */
const globPattern = (segment: string): RegExp | null => {
  if (segment.split("*").length > mostStars) return null;
  const source = segment.replaceAll(/\[!?[^\]]+\]|[*?]|[.+^${}()|\\[\]]/g, (part) =>
    part === "*"
      ? ".*"
      : part === "?"
        ? "."
        : part.length > 1
          ? `[${part.slice(1, -1).replace(/^!/, "^").replaceAll("\\", "")}]`
          : `\\${part}`,
  );
  try {
    return new RegExp(`^${segment.startsWith(".") ? "" : "(?!\\.)"}${source}$`, "s");
  } catch {
    return null;
  }
};

/** Of a pattern in the last part of a path. */
export const matchesGlob = (pattern: string, target: string): boolean =>
  posix.dirname(pattern) === posix.dirname(target) && globPattern(posix.basename(pattern))?.test(posix.basename(target)) === true;

/** Targets that match, sorted; null if the path holds no pattern. */
export const globTargets = async (layout: Layout, pattern: string): Promise<string[] | null> => {
  if (!isPattern(pattern)) return null;
  let found = ["/"];
  for (const segment of pattern.split("/").filter((part) => part !== "")) {
    if (!isPattern(segment)) {
      found = found.map((folder) => posix.join(folder, segment));
      continue;
    }
    const expression = globPattern(segment.replaceAll(/\*+/g, "*"));
    const next: string[] = [];
    for (const folder of found)
      for (const name of await listTarget(layout, folder)) if (expression?.test(name)) next.push(posix.join(folder, name));
    found = next;
  }
  return found.toSorted();
};
