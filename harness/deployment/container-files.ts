// The user's files in the container: what a deployment puts, removes and hides, in its order. Pure.
import { posix } from "node:path";
import type { Place } from "../check/configuration.ts";
import { beneathMatch, matcherOf } from "./glob.ts";
import type { ComposeFile } from "./subject.ts";

/** Normalized and absolute; there is nothing above the root. */
export const containerPath = (path: string, workdir = "/"): string => {
  const normal = posix.normalize(posix.resolve("/", workdir, path));
  return normal.length > 1 && normal.endsWith("/") ? normal.slice(0, -1) : normal;
};

const beneath = (path: string, folder: string): boolean => path === folder || path.startsWith(folder === "/" ? "/" : `${folder}/`);

const mostCopied = 10_000;

export class ContainerFiles {
  readonly #files = new Map<string, ComposeFile>();
  readonly #folders = new Map<string, Place>();
  readonly #gone = new Map<string, Place>();

  get files(): ComposeFile[] {
    return [...this.#files.values()];
  }

  get folders(): { target: string; place: Place }[] {
    return [...this.#folders].map(([target, place]) => ({ target, place }));
  }

  get gone(): { target: string; place: Place }[] {
    return [...this.#gone].map(([target, place]) => ({ target, place }));
  }

  get(target: string): ComposeFile | undefined {
    return this.#files.get(target);
  }

  put(file: ComposeFile): void {
    this.#files.delete(file.target);
    this.#files.set(file.target, file);
  }

  /** Whether the path is a folder because something was put beneath it. */
  isFolder(target: string): boolean {
    return this.#folders.has(target) || this.#files.keys().some((path) => path !== target && beneath(path, target));
  }

  addFolder(target: string, place: Place): void {
    this.#folders.set(target, place);
  }

  /** A path with all beneath it, or a pattern; of the user's files and of the image's own. */
  remove(target: string, place: Place): void {
    const matches = beneathMatch(matcherOf(target, "posix"));
    for (const path of this.#files.keys()) if (beneath(path, target) || matches(path)) this.#files.delete(path);
    for (const path of this.#folders.keys()) if (beneath(path, target)) this.#folders.delete(path);
    this.#gone.set(target, place);
  }

  /** As `cp` and `mv`: false if the user's files know nothing of the source. */
  copy(from: string, to: string, place: Place): boolean {
    const sources = this.files.filter(({ target }) => beneath(target, from));
    // A folder that is repeatedly copied into itself doubles each time.
    if (sources.length === 0 || this.#files.size + sources.length > mostCopied) return false;
    const into = this.isFolder(to) ? posix.join(to, posix.basename(from)) : to;
    for (const file of sources) this.put({ ...file, target: into + file.target.slice(from.length), place });
    return true;
  }
}
