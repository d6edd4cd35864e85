// `hopwise.yaml`, where a project keeps what `hopwise check` is to ask for.
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { purposes } from "../check/checks.ts";
import type { Must } from "../define.ts";
import { AuthorError } from "../runtime/runtime.ts";
import { faultFinder, scenarioSchema } from "../schema.ts";
import { placeIn } from "../source.ts";
import { parseYaml } from "../yaml.ts";

export interface Wishes {
  for?: string;
  path?: string;
  host?: string;
  service?: string;
  must?: Must;
}

const fileName = "hopwise.yaml";

const text = { type: "string", minLength: 1 } as const;
const faultOf = faultFinder(
  {
    type: "object",
    additionalProperties: false,
    properties: { for: { enum: [...purposes] }, path: text, host: text, service: text, must: scenarioSchema.properties["must"] },
  },
  "the file",
);

/** Nothing where there is no such file. */
export const readWishes = async (folder: string): Promise<Wishes> => {
  const content = await readFile(join(folder, fileName), "utf8").catch((error: NodeJS.ErrnoException) => {
    if (error.code === "ENOENT") return null;
    throw new AuthorError(`${fileName} cannot be read: ${error.message}`, { cause: error });
  });
  if (content === null) return {};
  const { value, lineOf } = parseYaml(content, fileName);
  if (value === null) return {};
  const fault = faultOf(value);
  if (fault) throw new AuthorError(`${placeIn({ file: fileName, lineOf }, fault.path)}: ${fault.sentence}`);
  return value as Wishes;
};
