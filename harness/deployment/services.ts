// What a service of a compose file is made of: an image, or a build in a folder.
import { posix } from "node:path";
import { AuthorError } from "../errors.ts";
import type { Place } from "../check/configuration.ts";
import type { BuildPlan } from "./build-plan.ts";
import type { Folder } from "./folder.ts";
import type { Service } from "./project.ts";
import { at, entry, mappingOf } from "./scope.ts";
import type { Scope } from "./scope.ts";

export const imageOf = ({ fields }: Service, scope: Scope): { image: string; place: Place } | null => {
  const value = entry(fields, "image");
  const image = scope.optionalText(value, "image");
  return image === null || image === "" || value === undefined ? null : { image, place: value.place };
};

/** Null without `build:`. */
export const buildOf = ({ name, fields }: Service, scope: Scope, folder: Folder): BuildPlan | null => {
  const value = entry(fields, "build");
  if (value === undefined || value.kind === "nothing") return null;
  const mapping = value.kind === "text" ? null : mappingOf(value, "build");
  const field = (key: string): string | null => (mapping ? scope.optionalText(entry(mapping, key), `build.${key}`) : null);
  const given = value.kind === "text" ? scope.text(value) : (field("context") ?? ".");
  if (/^(https?|git|ssh):\/\/|^git@|^[\w.-]+\.\w+\/.*\.git/.test(given))
    throw new AuthorError(
      `${at(value.place)}: service ${name} is built from ${given}, and nothing is fetched; check it out and name its folder`,
    );
  const context = posix.normalize(folder.named(given, value.place.file));
  const inline = mapping ? entry(mapping, "dockerfile_inline") : undefined;
  // In version 1 it stands beside `build`, not in it.
  const own = field("dockerfile") ?? scope.optionalText(entry(fields, "dockerfile"), "dockerfile");
  const path = posix.isAbsolute(own ?? "") ? folder.named(own ?? "", value.place.file) : posix.join(context, own ?? "Dockerfile");
  const args = new Map<string, string>();
  if (mapping)
    for (const [key, { text }] of scope.pairs(entry(mapping, "args"), "build.args")) {
      const filled = text ?? scope.lookup(key);
      if (filled !== undefined) args.set(key, filled);
    }
  return {
    place: value.place,
    context,
    dockerfile: inline?.kind === "text" ? { text: scope.text(inline), place: inline.place } : { path },
    args,
    target: field("target"),
  };
};
