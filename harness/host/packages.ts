// Where npm put a package. By hand, since Node has a function for it only from 22.14 on, and hops run on older ones too.
import { existsSync } from "node:fs";
import { dirname, join } from "node:path";

/** The folder's name in what npm is asked for: `a` of `a@npm:b@3`, `@a/b` of `@a/b@3`. */
export const packageName = (wanted: string): string => wanted.match(/^@?[^@]+/)?.[0] ?? wanted;

/** The package.json that a file gets when it imports this package; null where it is not installed. */
export const manifestOf = (name: string, askedBy: string): string | null => {
  const folder = dirname(askedBy);
  const manifest = join(folder, "node_modules", name, "package.json");
  if (existsSync(manifest)) return manifest;
  return folder === askedBy ? null : manifestOf(name, folder);
};
