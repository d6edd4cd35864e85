// The folder of a compose file, from which nothing leads out: every read of what a deployment names goes through here.
import { open, readdir, readlink, realpath, stat } from "node:fs/promises";
import { dirname, isAbsolute, join, normalize, relative, resolve, sep } from "node:path";

/** What stands at a path; why it is not to be read is the end of a sentence. */
export type Found =
  | { kind: "file"; real: string; bytes: number }
  | { kind: "folder"; real: string }
  | { kind: "missing" }
  /** `to`: where the path itself links to, which may be somewhere in a container. */
  | { kind: "refused"; why: string; to?: string }
  /** A link that leads nowhere here, and may lead somewhere in a container. */
  | { kind: "dangling"; to: string };

/** The user's own folder, which is not for a compose file to look into. */
const home = /^~(\/|$)/;

export class Folder {
  /** As the user would name it, e.g. `deploy`. */
  readonly name: string;
  readonly #cwd: string;
  readonly #root: string;
  readonly #realRoot: string;

  private constructor(name: string, cwd: string, realRoot: string) {
    this.name = name;
    this.#cwd = cwd;
    this.#root = resolve(cwd, name);
    this.#realRoot = realRoot;
  }

  /** Of a file as the user named it. */
  static async around(file: string, cwd: string): Promise<Folder> {
    const name = dirname(file);
    const root = resolve(cwd, name);
    return new Folder(name, cwd, await realpath(root).catch(() => root));
  }

  /** The path as it is on this machine: what PWD stands for. */
  get path(): string {
    return this.#root;
  }

  /** A path named in the file `from`, as the user would name it from where he is. */
  named(path: string, from: string): string {
    if (home.test(path)) return path;
    if (isAbsolute(path)) {
      const inside = relative(this.#root, normalize(path));
      return inside === "" || (!isAbsolute(inside) && inside !== ".." && !inside.startsWith(`..${sep}`))
        ? join(this.name, inside)
        : normalize(path);
    }
    return join(dirname(from), path);
  }

  async find(name: string): Promise<Found> {
    const path = resolve(this.#cwd, name);
    if (name.includes("\0")) return { kind: "refused", why: "is not a path" };
    if (home.test(name) || !within(this.#root, path)) return { kind: "refused", why: `is outside of ${this.#named}` };
    let real: string;
    try {
      real = await realpath(path);
    } catch (error) {
      return this.#absent(path, error as NodeJS.ErrnoException);
    }
    if (!within(this.#realRoot, real)) {
      const to = await readlink(path).catch(() => null);
      return { kind: "refused", why: `is a link that leads out of ${this.#named}`, ...(to === null ? {} : { to }) };
    }
    const is = await stat(real).catch(() => null);
    if (is?.isFile()) return { kind: "file", real, bytes: is.size };
    if (is?.isDirectory()) return { kind: "folder", real };
    return { kind: "refused", why: "is neither a file nor a folder" };
  }

  async #absent(path: string, error: NodeJS.ErrnoException): Promise<Found> {
    if (error.code !== "ENOENT" && error.code !== "ENOTDIR") return { kind: "refused", why: `cannot be read (${error.code ?? "unknown"})` };
    const to = await readlink(path).catch(() => null);
    return to === null ? { kind: "missing" } : { kind: "dangling", to };
  }

  /** At most `limit` bytes and one more, whatever the file has grown to since it was found. */
  async read(found: Found & { kind: "file" }, limit: number): Promise<Uint8Array | null> {
    try {
      await using file = await open(found.real, "r");
      const buffer = new Uint8Array(Math.min(found.bytes, limit) + 1);
      let length = 0;
      for (;;) {
        const { bytesRead } = await file.read(buffer, length, buffer.length - length);
        length += bytesRead;
        if (bytesRead === 0 || length === buffer.length) return buffer.slice(0, length);
      }
    } catch {
      return null;
    }
  }

  async list(found: Found & { kind: "folder" }): Promise<string[] | null> {
    return readdir(found.real).then(
      (names) => names.toSorted(),
      () => null,
    );
  }

  get #named(): string {
    return this.name === "." ? "the compose file's folder" : this.name;
  }
}

const within = (root: string, path: string): boolean => path === root || path.startsWith(root.endsWith(sep) ? root : root + sep);
