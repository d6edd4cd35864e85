// Reads reports that an earlier run has written: all of them for a merge, little for a baseline, which may be another version's.
import { readFile } from "node:fs/promises";
import { Ajv } from "ajv";
import type { ValidateFunction } from "ajv";
import type { Baseline } from "../report/baseline.ts";
import type { Report } from "../report/report.ts";
import wholeSchema from "../report/report.schema.json" with { type: "json" };
import { AuthorError } from "../runtime/runtime.ts";

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
      facets: list(record({ facet: text, arm: text, finding: record({ member: text }), culprit: textOrNull })),
      arms: list(record({ id: text })),
    }),
  ),
});

const ajv = new Ajv({ strict: false });

export const readReport = (file: string): Promise<Report> => read<Report>(file, ajv.compile(wholeSchema));

export const readBaseline = (file: string): Promise<Baseline> => read<Baseline>(file, ajv.compile(baselineSchema));

const read = async <T>(file: string, validate: ValidateFunction): Promise<T> => {
  const source = await readFile(file, "utf8").catch((cause: NodeJS.ErrnoException) => {
    throw new AuthorError(
      cause.code === "ENOENT" ? `There is no file "${file}" in ${process.cwd()}` : `${file} cannot be read: ${cause.message}`,
      {
        cause,
      },
    );
  });
  const value = parse(source, file);
  const told = (value as { schema?: unknown } | null)?.schema;
  if (told !== wholeSchema.properties.schema.const)
    throw new AuthorError(
      `${file} is no report of Hopwise: its schema is ${JSON.stringify(told) ?? "missing"}, not "${wholeSchema.properties.schema.const}"; hopwise run --reporter json=${file} writes one`,
    );
  if (validate(value)) return value as T;
  const [error] = validate.errors ?? [];
  throw new AuthorError(`${file} is a damaged report: ${error?.instancePath || "it"} ${error?.message ?? "is not as it should be"}`);
};

const parse = (source: string, file: string): unknown => {
  try {
    return JSON.parse(source);
  } catch (cause) {
    throw new AuthorError(`${file} is no JSON: ${(cause as Error).message}`, { cause });
  }
};
