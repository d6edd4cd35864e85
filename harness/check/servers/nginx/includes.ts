// Reads a configuration with all that it includes into one tree.
import { posix } from "node:path";
import { AuthorError } from "../../../errors.ts";
import type { ConfigFile } from "../../configuration.ts";
import { refuseForeign, refuseMark, refuseTags, templateTool } from "./foreign.ts";
import { isOfTheImage, wellKnownFiles } from "./image-files.ts";
import { globTargets } from "./layout.ts";
import type { FoundFile, Layout } from "./layout.ts";
import { capitalsIn, fill } from "./template.ts";
import { fromLatin1, textOf } from "./text.ts";
import { ConfigError, parse } from "./tree.ts";
import type { Directive } from "./tree.ts";

export interface Loading {
  layout: Layout;
  /** The main file's, in the container: where relative paths start. */
  folder: string;
  env: Readonly<Record<string, string>>;
  /** By target: every file of the user's that was read. */
  files: Map<string, ConfigFile>;
  /** Well-known files that are named and missing, with the include that names them. */
  missing: Map<string, Directive>;
  /** Absolute paths or patterns of all includes. */
  included: { path: string; directive: Directive }[];
}

const mostIncluded = 2000;

/** An AuthorError for what cannot be a configuration at all. */
export const readText = ({ path, bytes }: Pick<FoundFile, "path" | "bytes">): string => {
  refuseMark(path, bytes);
  if (bytes.includes(0)) throw new AuthorError(`${path} is binary (it holds a NUL byte), not an nginx configuration.`);
  return textOf(bytes) ?? fromLatin1(bytes);
};

/** Parses a file's text with the variables that have a value filled in. */
export const parseFile = (path: string, text: string, template: boolean, env: Readonly<Record<string, string>>): Directive[] => {
  const filled = fill(text, template, env);
  try {
    const roots = parse(path, text, filled);
    refuseTags(path, text, roots);
    return roots;
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error;
    // A variable that stands for whole lines leaves a hole in the syntax.
    for (const [index, line] of text.split("\n").entries()) {
      const missing = line.trimStart().startsWith("#") ? undefined : capitalsIn(line).find((name) => !Object.hasOwn(env, name));
      if (missing !== undefined) throw new AuthorError(`${path}:${index + 1}: ${withoutValue(missing)}`, { cause: error });
    }
    const tool = templateTool(path, text);
    if (tool !== null)
      throw new AuthorError(`${error.message}; the file looks like a template of ${tool}: render it first, and check what comes out`, {
        cause: error,
      });
    refuseForeign(path, text);
    throw error;
  }
};

export const withoutValue = (name: string): string => `the variable ${name} has no value; give it one with --env ${name}=value.`;

/** A file of the user's with all that it includes; its directives are in `parent`. */
export const load = async (loading: Loading, file: FoundFile, parent: Directive | null, open: readonly string[]): Promise<Directive[]> => {
  const text = readText(file);
  const { path, target, bytes, template, isCopy } = file;
  loading.files.set(target, { path, target, text, bytes, ...(template ? { template } : {}), ...(isCopy ? { isCopy } : {}) });
  const roots = parseFile(path, text, template, loading.env);
  for (const root of roots) root.parent = parent;
  await resolve(loading, roots, [...open, file.target]);
  return roots;
};

/** Resolves the includes among these directives and below. `open` are the targets that are being read now. */
export const resolve = async (loading: Loading, directives: readonly Directive[], open: readonly string[]): Promise<void> => {
  for (const directive of directives)
    if (directive.name === "include" && directive.block === null) await include(loading, directive, open);
    else if (directive.block) await resolve(loading, directive.block, open);
};

const include = async (loading: Loading, directive: Directive, open: readonly string[]): Promise<void> => {
  const [given] = directive.args;
  if (given === undefined || directive.args.length > 1) throw new ConfigError(directive.place, "an include names one file or pattern.");
  const path = posix.resolve(loading.folder, given);
  loading.included.push({ path, directive });
  if (loading.included.length > mostIncluded)
    throw new ConfigError(directive.place, `more than ${mostIncluded} includes are not followed.`);
  const targets = await globTargets(loading.layout, path);
  const included: Directive[] = [];
  for (const target of targets ?? [path]) {
    const file = await loading.layout.read(target);
    if (!file) {
      if (targets) continue;
      if (isOfTheImage(target, loading.folder)) return;
      if (!(target in wellKnownFiles)) throw new ConfigError(directive.place, missingSentence(given, target, loading));
      loading.missing.set(target, directive);
      return;
    }
    if (open.includes(target)) throw new ConfigError(directive.place, `includes ${file.path}, which includes it.`);
    included.push(...(await load(loading, file, directive.parent, open)));
  }
  // What only the image has stays as it is.
  if (included.length > 0 || !isOfTheImage(path, loading.folder)) directive.included = included;
};

const missingSentence = (given: string, target: string, { layout, folder }: Loading): string => {
  const way = posix.relative(folder, target);
  if (way.startsWith("..") && given.includes(".."))
    return `include ${given} leads out of the folder of the configuration, ${layout.shown}; give the folder that holds both.`;
  return way.startsWith("..")
    ? `include ${given}: there is no such file; only files of ${folder} are looked for in ${layout.shown}.`
    : `include ${given}: there is no ${way} in ${layout.shown}.`;
};
