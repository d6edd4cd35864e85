// `hopwise.yaml`, where a project keeps what `hopwise check` is to ask for.
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { Ajv } from "ajv";
import { parse } from "yaml";
import type { Must } from "../define.ts";
import { scenarioSchema } from "../schema.ts";
import { AuthorError } from "../runtime/runtime.ts";

export interface Wishes {
  for?: string;
  path?: string;
  host?: string;
  service?: string;
  must?: Must;
}

const fileName = "hopwise.yaml";

const text = { type: "string", minLength: 1 } as const;
const schema = {
  type: "object",
  additionalProperties: false,
  properties: {
    for: text,
    path: text,
    host: text,
    service: text,
    must: (scenarioSchema.properties as Record<string, object>)["must"] ?? {},
  },
};

/** Nothing where there is no such file. */
export const readWishes = async (folder: string): Promise<Wishes> => {
  const file = join(folder, fileName);
  const content = await readFile(file, "utf8").catch((error: NodeJS.ErrnoException) => {
    if (error.code === "ENOENT") return null;
    throw new AuthorError(`${fileName} cannot be read: ${error.message}`, { cause: error });
  });
  if (content === null) return {};
  const value = parsed(content);
  const validate = new Ajv().compile<Wishes>(schema);
  if (validate(value)) return value;
  const [error] = validate.errors ?? [];
  const name = (error?.params as { additionalProperty?: string } | undefined)?.additionalProperty;
  throw new AuthorError(
    `${fileName}: ${error?.instancePath || "it"} ${error?.message ?? "is not what it should be"}${name === undefined ? "" : `: "${name}"`}`,
  );
};

const parsed = (content: string): unknown => {
  try {
    return parse(content) ?? {};
  } catch (error) {
    throw new AuthorError(`${fileName} is no YAML: ${(error as Error).message.split("\n")[0]}`, { cause: error });
  }
};
