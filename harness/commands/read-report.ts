// Reads reports of earlier runs: completely for a merge, only a few fields for a baseline, which may come from another version.
import { readFile } from "node:fs/promises";
import { Ajv } from "ajv";
import type { ValidateFunction } from "ajv";
import type { Baseline } from "../report/baseline.ts";
import type { Report } from "../report/report.ts";
import wholeSchema from "../report/report.schema.json" with { type: "json" };
import { AuthorError } from "../errors.ts";

const text = { type: "string" };
const textOrNull = { type: ["string", "null"] };
const record = (properties: Record<string, unknown>) => ({ type: "object", properties, required: Object.keys(properties) });
const list = (items: object) => ({ type: "array", items });

const baselineSchema = record({
  schema: { const: wholeSchema.properties.schema.const },
  scenarios: list(
    record({
      id: text,
      outcome: text,
      headline: text,
      culprit: textOrNull,
      facets: list(record({ facet: text, case: text, observation: record({ member: text }), culprit: textOrNull })),
      cases: list(record({ id: text })),
    }),
  ),
});

const ajv = new Ajv({ strict: false });

export const readReport = (file: string): Promise<Report> => read<Report>(file, ajv.compile(wholeSchema));

export const readBaseline = (file: string): Promise<Baseline> => read<Baseline>(file, ajv.compile(baselineSchema));

const read = async <T>(file: string, validate: ValidateFunction): Promise<T> => {
  const value = await readJson(file);
  const schema = (value as { schema?: unknown } | null)?.schema;
  if (schema !== wholeSchema.properties.schema.const)
    throw new AuthorError(
      `${file} is not a Hopwise report: its schema is ${JSON.stringify(schema) ?? "missing"}, not "${wholeSchema.properties.schema.const}". Write one with: npx hopwise run --reporter json=${file}`,
    );
  if (validate(value)) return value as T;
  throw refusal(file, validate);
};

/** Of a file that does not match its schema. */
export const refusal = (file: string, { errors }: ValidateFunction): AuthorError => {
  const [error] = errors ?? [];
  return new AuthorError(`${file} is not a valid report: ${error?.instancePath || "it"} ${error?.message ?? "is invalid"}`);
};

export const readJson = async (file: string): Promise<unknown> => {
  const source = await readFile(file, "utf8").catch((cause: NodeJS.ErrnoException) => {
    throw new AuthorError(
      cause.code === "ENOENT" ? `There is no file "${file}" in ${process.cwd()}` : `${file} cannot be read: ${cause.message}`,
      {
        cause,
      },
    );
  });
  try {
    return JSON.parse(source);
  } catch (cause) {
    throw new AuthorError(`${file} is not JSON: ${(cause as Error).message}`, { cause });
  }
};
