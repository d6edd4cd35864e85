// Takes files of the user's folder into the container: a file or a folder with all beneath it, within limits.
import { posix } from "node:path";
import { AuthorError } from "../errors.ts";
import type { Place } from "../check/configuration.ts";
import type { Packaging } from "./packaging.ts";
import { containerPath } from "./container-files.ts";
import type { ContainerFiles } from "./container-files.ts";
import type { Folder, Found } from "./folder.ts";
import type { Matches } from "./glob.ts";
import type { NotDone } from "./subject.ts";
import { textLimitBytes, textOf } from "./text-file.ts";

/** Of configuration and of everything else apart, so that pages cannot use up the space of what is checked. Together 20 MB. */
const mostBytes = { configuration: 8_000_000, other: 12_000_000 };
const mostFiles = { configuration: 2000, other: 2000 };
const deepest = 40;
/** Never served on purpose, and large. */
const passedOver = new Set([".git", "node_modules"]);

export interface Taking {
  /** In the user's words, e.g. `deploy/nginx`. */
  source: string;
  target: string;
  place: Place;
  /** The beginning of a sentence on what asks for it, e.g. `deploy/compose.yml:8 mounts`. */
  asks: string;
  /** What the context leaves out, by paths beneath `contextOf`. */
  ignores?: Matches;
  context?: string;
}

export class Taker {
  readonly #folder: Folder;
  readonly #container: ContainerFiles;
  readonly #notDone: NotDone[];
  readonly #bytes = { configuration: 0, other: 0 };
  readonly #count = { configuration: 0, other: 0 };
  readonly #isConfiguration: Packaging["isConfiguration"];
  #saidFull = false;

  constructor(folder: Folder, container: ContainerFiles, notDone: NotDone[], isConfiguration: Packaging["isConfiguration"]) {
    this.#isConfiguration = isConfiguration;
    this.#folder = folder;
    this.#container = container;
    this.#notDone = notDone;
  }

  /** Reports what cannot be taken; throws for configuration, without which nothing can be checked. Null: there is nothing. */
  async take(taking: Taking): Promise<"file" | "folder" | null> {
    const target = containerPath(taking.target);
    const found = await this.#folder.find(taking.source);
    if (found.kind === "file") {
      await this.#file(taking, taking.source, target, found);
      return "file";
    }
    if (found.kind === "folder") {
      await this.#beneath(taking, taking.source, target, found, 0);
      return "folder";
    }
    this.#refuse(taking, taking.source, target, whyNot(found), found.kind === "refused");
    return null;
  }

  async #beneath(taking: Taking, source: string, target: string, folder: Found & { kind: "folder" }, depth: number): Promise<void> {
    const names = await this.#folder.list(folder);
    if (names === null || depth > deepest)
      return this.#refuse(taking, source, target, names === null ? "cannot be listed" : `is more than ${deepest} folders deep`);
    for (const name of names) {
      const here = posix.join(source, name);
      const there = posix.join(target, name);
      if (this.#isPassedOver(taking, here, there, name) || this.#isFull(taking, here, there)) continue;
      const found = await this.#folder.find(here);
      if (found.kind === "file") await this.#file(taking, here, there, found);
      else if (found.kind === "folder") await this.#beneath(taking, here, there, found, depth + 1);
      else if (!this.#isLinkInContainer(taking, found, here, there))
        this.#refuse(taking, here, there, whyNot(found), found.kind === "refused");
    }
  }

  #isPassedOver({ ignores, context, place }: Taking, source: string, target: string, name: string): boolean {
    if (ignores?.(posix.relative(context ?? ".", source)) === true) return true;
    if (!passedOver.has(name) || this.#isConfiguration(target)) return false;
    this.#notDone.push({ what: source, why: "folders of this name are not copied", place });
    return true;
  }

  /** `sites-enabled/app` that leads to `/etc/nginx/sites-available/app`: a dangling link here, a file in the container. */
  readonly #links: { target: string; to: string; taking: Taking; source: string; found: Found }[] = [];

  #isLinkInContainer(taking: Taking, found: Found, source: string, target: string): boolean {
    const to = "to" in found ? found.to : null;
    if (to === null) return false;
    this.#links.push({ target, to: containerPath(to, posix.dirname(target)), taking, source, found });
    return true;
  }

  /** Once everything is where it belongs. */
  settleLinks(): void {
    for (const { target, to, taking, source, found } of this.#links) {
      const file = this.#container.get(to);
      if (file) this.#container.put({ ...file, target });
      else this.#refuse(taking, source, target, whyNot(found), found.kind === "refused");
    }
    this.#links.length = 0;
  }

  async #file(taking: Taking, source: string, target: string, found: Found & { kind: "file" }): Promise<void> {
    const kind = this.#isConfiguration(target) ? "configuration" : "other";
    if (kind === "configuration" && this.#count.configuration >= mostFiles.configuration)
      return this.#refuse(taking, source, target, `is one more than the ${mostFiles.configuration} files that a configuration may have`);
    const left = mostBytes[kind] - this.#bytes[kind];
    const limit = kind === "configuration" ? Math.min(left, textLimitBytes) : left;
    if (found.bytes > limit)
      return this.#refuse(taking, source, target, `has ${found.bytes} bytes, more than the ${limit} that are left for it`);
    const bytes = await this.#folder.read(found, limit);
    if (!bytes || bytes.length > limit) return this.#refuse(taking, source, target, "cannot be read");
    this.#bytes[kind] += bytes.length;
    this.#count[kind] += 1;
    this.#container.put({ path: source, target, text: textOf(bytes), bytes, place: taking.place, inline: null });
  }

  /** Some pages may be left out, which is reported once. */
  #isFull({ place }: Taking, source: string, target: string): boolean {
    if (this.#isConfiguration(target) || this.#count.other < mostFiles.other) return false;
    if (!this.#saidFull)
      this.#notDone.push({
        what: `${source} and what follows`,
        why: `${mostFiles.other} files besides the configuration are copied`,
        place,
      });
    this.#saidFull = true;
    return true;
  }

  #refuse({ asks, place }: Taking, source: string, target: string, why: string, isOutside = false): void {
    if (this.#isConfiguration(target)) throw new AuthorError(`${asks} ${source}, which ${why}${isOutside ? "; copy it in" : ""}`);
    this.#notDone.push({ what: `${source} at ${target}`, why: `it ${why}`, place });
  }
}

const whyNot = (found: Found): string => {
  if (found.kind === "refused") return `${found.why}; nothing outside of the folder is read`;
  return found.kind === "dangling" ? `is a link to ${found.to}, which is not there` : "is not there";
};
