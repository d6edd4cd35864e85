// Files that are read for their own sake: compose files, Dockerfiles, files of variables.
import { AuthorError } from "../errors.ts";
import type { Folder } from "./folder.ts";

export const textLimitBytes = 1_000_000;

/** Null for what is no text. */
export const textOf = (bytes: Uint8Array): string | null => {
  if (bytes.includes(0)) return null;
  try {
    return new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    return null;
  }
};

/** Null if it is not there; for every other problem an AuthorError that begins with `askedBy`. */
export const readText = async (folder: Folder, name: string, askedBy: string, limitBytes = textLimitBytes): Promise<string | null> => {
  const found = await folder.find(name);
  if (found.kind === "missing" || found.kind === "dangling") return null;
  if (found.kind === "refused")
    throw new AuthorError(`${askedBy} ${name}, which ${found.why}; nothing outside of the folder is read; copy it in`);
  if (found.kind === "folder") throw new AuthorError(`${askedBy} ${name}, which is a folder and not a file`);
  const bytes = await folder.read(found, limitBytes);
  if (!bytes) throw new AuthorError(`${askedBy} ${name}, which cannot be read; look at its permissions`);
  if (bytes.length > limitBytes)
    throw new AuthorError(`${askedBy} ${name}, which has ${found.bytes} bytes; a file like this has at most ${limitBytes}`);
  const text = textOf(bytes);
  if (text === null) throw new AuthorError(`${askedBy} ${name}, which is not UTF-8 text`);
  return text;
};
