// `hopwise.yaml`, where a project keeps what `hopwise check` is to ask for.
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { decidedKeys, purposes } from "../check/checks.ts";
import type { Purpose } from "../check/checks.ts";
import type { Must } from "../define.ts";
import { AuthorError } from "../errors.ts";
import { scenarioSchema } from "../catalog/scenario-schema.ts";
import { faultFinder } from "../catalog/schema-faults.ts";
import { placeIn } from "../catalog/source.ts";
import { parseYaml } from "../catalog/yaml.ts";

export interface CheckSettings {
  for?: string;
  path?: string;
  host?: string;
  service?: string;
  must?: Must;
  /** The routes that matter: findings on all others are notes. */
  routes?: NamedRoute[];
}

export interface NamedRoute {
  path: string;
  host?: string;
  for?: Purpose;
  must?: Must;
}

const fileName = "hopwise.yaml";

const text = { type: "string", minLength: 1 } as const;
const { must } = scenarioSchema.properties;
/** What no trial of a check decides cannot be required of one. */
const decided = {
  ...must,
  properties: Object.fromEntries(Object.entries(must.properties).filter(([key]) => decidedKeys.some((one) => one === key))),
};
const asked = { for: { enum: [...purposes] }, path: text, host: text, must: decided };
const named = { type: "object", additionalProperties: false, required: ["path"], properties: asked };
const faultOf = faultFinder(
  {
    type: "object",
    additionalProperties: false,
    properties: { ...asked, service: text, routes: { type: "array", minItems: 1, items: named } },
  },
  "the file",
);

/** Nothing where there is no such file. */
export const readSettings = async (folder: string): Promise<CheckSettings> => {
  const content = await readFile(join(folder, fileName), "utf8").catch((error: NodeJS.ErrnoException) => {
    if (error.code === "ENOENT") return null;
    throw new AuthorError(`${fileName} cannot be read: ${error.message}`, { cause: error });
  });
  if (content === null) return {};
  const { value, lineOf } = parseYaml(content, fileName);
  if (value === null) return {};
  const fault = faultOf(value);
  if (fault) throw new AuthorError(`${placeIn({ file: fileName, lineOf }, fault.path)}: ${fault.sentence}`);
  return value as CheckSettings;
};
