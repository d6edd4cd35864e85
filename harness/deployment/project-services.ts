// The services of one compose file, and the file beside it that overrides them.
import { join } from "node:path";
import { AuthorError } from "../errors.ts";
import type { Folder } from "./folder.ts";
import { entry, mappingOf } from "./scope.ts";
import type { NotDone } from "./subject.ts";
import type { Entry, Mapping } from "./tree.ts";

/** Top-level keys that are not services, in version 1 either. */
const notServices = /^(version|services|networks|volumes|configs|secrets|name|include|x-.*)$/;

export const servicesOf = (tree: Mapping, file: string): { version1: boolean; entries: Map<string, Entry> } => {
  const services = entry(tree, "services");
  const none = (): never => {
    throw new AuthorError(`${file} has no services; a compose file has services: with an image or a build each`);
  };
  if (services !== undefined) {
    const mapping = mappingOf(services, "services");
    return mapping && mapping.entries.size > 0 ? { version1: false, entries: mapping.entries } : (included(tree) ?? none());
  }
  const entries = new Map(
    [...tree.entries].filter(
      ([name, { value }]) =>
        !notServices.test(name) && value.kind === "mapping" && ["image", "build", "extends"].some((key) => value.entries.has(key)),
    ),
  );
  return entries.size > 0 ? { version1: true, entries } : (included(tree) ?? none());
};

/** A file that only includes others. */
const included = (tree: Mapping): { version1: boolean; entries: Map<string, Entry> } | null =>
  tree.entries.has("include") ? { version1: false, entries: new Map() } : null;

/** What `docker compose` without `-f` would merge in, and is not read here. */
export const overrideBeside = async (file: string, folder: Folder): Promise<NotDone[]> => {
  const name = /^(.*?)(docker-compose|compose)\.(ya?ml)$/.exec(file);
  if (!name) return [];
  const candidates = ["yml", "yaml"].map((ending) => join(folder.name, `${name[2]}.override.${ending}`));
  const found = await Promise.all(candidates.map(async (path) => ({ path, is: await folder.find(path) })));
  return found
    .filter(({ is }) => is.kind === "file")
    .map(({ path }) => ({
      what: path,
      why: "only the given file is read; docker compose merges this one in",
      place: { file: path, line: 1, column: 1, start: 0, end: 0 },
    }));
};
