// Loads a file of the catalog or of the user's, and says where it is wrong.
import { readFile } from "node:fs/promises";
import { resolve } from "node:path";
import { pathToFileURL } from "node:url";
import { AuthorError } from "../errors.ts";
import { noLines, rememberSource } from "./source.ts";
import type { LineOf } from "./source.ts";
import { fixFor, placeOf } from "./import-problem.ts";

/** The check of a kind of file. A kind with a check is data and may also be YAML. */
export type Check<T> = (value: T, file: string, lineOf: LineOf) => T;

export const codeFile = /\.(ts|js|mjs)$/;
const yamlFile = /\.ya?ml$/;
export const loadDefault = async <T>(file: string, what: string, check?: Check<T>): Promise<T> => {
  if (!check || !yamlFile.test(file)) {
    const value = await importDefault<T>(file, what);
    return check ? checked(value, file, noLines, check) : value;
  }
  const { value, lineOf } = await readYaml(file, what);
  if (value === null) throw new AuthorError(`${file} is empty; a scenario is an object with title, chain, trial …`);
  return checked(value as T, file, lineOf, check);
};

const checked = <T>(value: T, file: string, lineOf: LineOf, check: Check<T>): T => {
  const right = check(value, file, lineOf);
  rememberSource(right as object, { file, lineOf });
  return right;
};

/** Loads the YAML parser with the first file that needs it. */
const readYaml = async (file: string, what: string): Promise<{ value: unknown; lineOf: LineOf }> => {
  const [text, { parseYaml }] = await Promise.all([readFile(file, "utf8").catch((cause: Error) => cause), import("./yaml.ts")]);
  if (text instanceof Error) throw new AuthorError(`${file} could not be read as ${what}: ${text.message}`, { cause: text });
  return parseYaml(text, file);
};

const importDefault = async <T>(file: string, what: string): Promise<T> => {
  let module: { default?: T };
  try {
    module = (await import(pathToFileURL(resolve(file)).href)) as { default?: T };
  } catch (cause) {
    const problem = cause instanceof Error ? cause.message.split("\n")[0] : String(cause);
    const { line, elsewhere } = placeOf(cause, file);
    throw new AuthorError(`${file}${line} could not be loaded as ${what}: ${elsewhere}${problem}${fixFor(problem)}`, { cause });
  }
  if (module.default === undefined) throw new AuthorError(`${file} has no default export; ${what} is one object: export default { … }`);
  return module.default;
};
