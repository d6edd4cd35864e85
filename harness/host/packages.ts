// Where npm put a package. Node has a function for it only from 22.14 on, and hops run on older versions, too.
import { existsSync } from "node:fs";
import { dirname, join } from "node:path";

/** The folder name of an npm specifier: `a` of `a@npm:b@3`, `@a/b` of `@a/b@3`. */
export const packageName = (wanted: string): string => wanted.match(/^@?[^@]+/)?.[0] ?? wanted;

/** The package.json of this package as a file imports it; null if it is not installed. */
export const manifestOf = (name: string, askedBy: string): string | null => {
  const folder = dirname(askedBy);
  const manifest = join(folder, "node_modules", name, "package.json");
  if (existsSync(manifest)) return manifest;
  return folder === askedBy ? null : manifestOf(name, folder);
};
