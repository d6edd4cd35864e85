// The variables of a deployment: those that fill in the compose file, and those of the container.
import { posix } from "node:path";
import { AuthorError } from "../errors.ts";
import { readVariables } from "./dotenv.ts";
import type { Folder } from "./folder.ts";
import type { Service } from "./project.ts";
import { at, entry, Scope } from "./scope.ts";
import type { NotDone } from "./subject.ts";
import { SubstitutionProblem } from "./substitute.ts";
import { readText } from "./text-file.ts";

/** Files of variables are short, and reading one takes quadratic time at worst. */
const longestFile = 65_536;

/** The surrounding variables override the `.env` beside the compose file, as for docker compose. */
export const openScope = async (folder: Folder, env: Readonly<Record<string, string>>): Promise<{ scope: Scope; read: string[] }> => {
  const file = posix.join(folder.name, ".env");
  const outside = (name: string): string | undefined => (Object.hasOwn(env, name) ? env[name] : name === "PWD" ? folder.path : undefined);
  const values = await variablesOf(file, "Beside the compose file is", folder, outside);
  return {
    scope: new Scope((name) => outside(name) ?? values?.get(name) ?? undefined, `in the environment nor in ${file}`),
    read: values ? [file] : [],
  };
};

/** Null if there is no such file. */
const variablesOf = async (
  file: string,
  asks: string,
  folder: Folder,
  outside: (name: string) => string | undefined,
): Promise<Map<string, string | null> | null> => {
  const text = await readText(folder, file, asks, longestFile);
  if (text === null) return null;
  try {
    return readVariables(text, outside);
  } catch (cause) {
    if (!(cause instanceof SubstitutionProblem)) throw cause;
    throw new AuthorError(`${asks} ${file}, in which a value ${cause.message}`, { cause });
  }
};

/** `before`: what the image sets. Then `env_file`, then `environment`; later ones win. */
export const containerEnvironment = async (
  service: Service,
  before: ReadonlyMap<string, string>,
  scope: Scope,
  folder: Folder,
): Promise<{ environment: Map<string, string>; read: string[]; notDone: NotDone[] }> => {
  const environment = new Map(before);
  const read: string[] = [];
  const notDone: NotDone[] = [];
  const set = (name: string, text: string | null): void => {
    const value = text ?? scope.lookup(name);
    if (value !== undefined) environment.set(name, value);
  };
  for (const { path, required, place } of envFilesOf(service, scope)) {
    const file = folder.named(path, place.file);
    // A later file wins over an earlier one.
    // oxlint-disable-next-line no-await-in-loop
    const values = await variablesOf(file, `${at(place)} names`, folder, (name) => scope.lookup(name));
    if (values) read.push(file);
    // Secrets are rarely checked in, and their content rarely matters here.
    else if (required) notDone.push({ what: `env_file ${file}`, why: "it is not there; what it would set is missing", place });
    for (const [name, text] of values ?? []) set(name, text);
  }
  for (const [name, { text }] of scope.pairs(entry(service.fields, "environment"), "environment")) set(name, text);
  return { environment, read, notDone };
};

const envFilesOf = ({ fields }: Service, scope: Scope): { path: string; required: boolean; place: NotDone["place"] }[] => {
  const value = entry(fields, "env_file");
  const items = value?.kind === "list" ? value.items : value ? [value] : [];
  return items.flatMap((item) => {
    if (item.kind !== "mapping") return scope.texts(item, "env_file").map(({ text, place }) => ({ path: text, required: true, place }));
    const path = scope.optionalText(entry(item, "path"), "env_file.path");
    const required = scope.optionalText(entry(item, "required"), "env_file.required") !== "false";
    return path === null ? [] : [{ path, required, place: item.place }];
  });
};
