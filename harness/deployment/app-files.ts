// Copies of a folder for a container that really runs: with modes, owners and links as they are. Links are not followed.
import { constants } from "node:fs";
import { lstat, open, readdir, readlink } from "node:fs/promises";
import { join, posix } from "node:path";
import { AuthorError } from "../errors.ts";
import type { TarEntry } from "../runtime/tar.ts";
import type { Folder } from "./folder.ts";
import type { Matches } from "./glob.ts";

/** They are sent through memory. Of one service. */
const mostBytes = 100_000_000;
const mostFiles = 20_000;
const deepest = 60;
/** Never served, and large. */
const passedOver = ".git";

export interface Copying {
  /** In the user's words, e.g. `web`. */
  source: string;
  /** In the container, or in the context. */
  target: string;
  /** The beginning of a sentence on what asks for it, e.g. `docker-compose.yml:8 mounts`. */
  asks: string;
  /** By paths beneath the source. */
  ignores?: Matches;
  /** Folders that something else replaces, likewise. */
  skips?: (path: string) => boolean;
  /** Whether files keep their owner, as in a mount. */
  keepsOwner: boolean;
}

export class Copies {
  readonly #folder: Folder;
  readonly #entries: TarEntry[] = [];
  #bytes = 0;

  constructor(folder: Folder) {
    this.#folder = folder;
  }

  get entries(): TarEntry[] {
    return this.#entries;
  }

  /** Null: there is nothing at the source. AuthorErrors for what leads out of the folder, and for what is too large. */
  async take(copying: Copying): Promise<"file" | "folder" | null> {
    const { source, target, asks } = copying;
    const found = await this.#folder.find(source);
    if (found.kind === "missing") return null;
    if (found.kind === "refused")
      throw new AuthorError(`${asks} ${source}, which ${found.why}; nothing outside of the folder is read; copy it in`);
    if (found.kind === "dangling") throw new AuthorError(`${asks} ${source}, which is a link to ${found.to}, which is not there`);
    if (found.kind === "file") await this.#file(found.real, target, copying);
    else await this.#beneath(found.real, target, "", copying, 0);
    return found.kind;
  }

  async #beneath(real: string, target: string, inner: string, copying: Copying, depth: number): Promise<void> {
    if (depth > deepest) throw new AuthorError(`${copying.asks} ${copying.source}, which has more than ${deepest} folders in each other`);
    const names = await readdir(real).catch(() => null);
    if (names === null)
      throw new AuthorError(`${copying.asks} ${posix.join(copying.source, inner)}, which cannot be read; look at its permissions`);
    for (const name of names.toSorted()) {
      const path = posix.join(inner, name);
      const isIgnored = copying.ignores?.(path) ?? false;
      // oxlint-disable-next-line no-await-in-loop
      const is = await lstat(join(real, name)).catch(() => null);
      if (name === passedOver || !is || copying.skips?.(path)) continue;
      const to = posix.join(target, name);
      const owner = copying.keepsOwner ? { owner: { user: is.uid, group: is.gid } } : {};
      if (is.isDirectory()) {
        if (!isIgnored) this.#add({ name: to, kind: "folder", mode: is.mode & 0o7777, ...owner }, copying);
        // What a later rule keeps may stand beneath.
        // oxlint-disable-next-line no-await-in-loop
        await this.#beneath(join(real, name), to, path, copying, depth + 1);
      } else if (isIgnored) continue;
      // oxlint-disable-next-line no-await-in-loop
      else if (is.isSymbolicLink()) this.#add({ name: to, kind: "link", target: await readlink(join(real, name)), ...owner }, copying);
      // oxlint-disable-next-line no-await-in-loop
      else if (is.isFile()) await this.#file(join(real, name), to, copying);
    }
  }

  async #file(real: string, name: string, copying: Copying): Promise<void> {
    await using file = await open(real, constants.O_RDONLY | constants.O_NOFOLLOW).catch((cause: Error) => {
      throw new AuthorError(`${copying.asks} ${copying.source}, in which ${posix.basename(real)} cannot be read: ${cause.message}`, {
        cause,
      });
    });
    const { size, mode, uid, gid } = await file.stat();
    this.#bytes += size;
    if (this.#bytes > mostBytes)
      throw new AuthorError(
        `${copying.asks} ${copying.source}, which is more than the ${mostBytes / 1_000_000} MB that are copied for one service; leave something out with a .dockerignore, or mount less`,
      );
    const body = await file.readFile();
    this.#add(
      { name, kind: "file", body, mode: mode & 0o7777, ...(copying.keepsOwner ? { owner: { user: uid, group: gid } } : {}) },
      copying,
    );
  }

  #add(entry: TarEntry, { asks, source }: Copying): void {
    if (this.#entries.length >= mostFiles)
      throw new AuthorError(`${asks} ${source}, which has more than the ${mostFiles} files that are copied for one service`);
    this.#entries.push(entry);
  }
}
