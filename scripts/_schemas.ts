// The JSON Schemas of what Hopwise reads and writes, made of the types that the code itself uses: a type's comments are the descriptions.
import { join } from "node:path";
import { createGenerator } from "ts-json-schema-generator";
import type { Schema } from "ts-json-schema-generator";

const root = join(import.meta.dirname, "..");

interface Source {
  /** Where it is read and published. */
  file: string;
  of: string;
  type: string;
  title: string;
  /** Whether types get names in it; without, the place of a fault says what is wrong. */
  isNamed: boolean;
  /** What types do not say. */
  finish?: (schema: Schema) => Schema;
}

/** One of the two kinds, and of that something. */
const eitherKind = ({ properties = {}, ...schema }: Schema): Schema => {
  const { must, does, trial } = properties as Record<string, Schema & { discriminator?: object }>;
  const { discriminator: _, ...choice } = trial ?? {};
  return {
    ...schema,
    properties: {
      ...properties,
      // Only Ajv knows the word that is left out.
      trial: choice,
      must: { ...must, minProperties: 1 },
      does: { ...does, minProperties: 1 },
    },
    oneOf: [
      { required: ["must"], not: { required: ["does"] } },
      { required: ["does", "because"], not: { required: ["must"] } },
    ],
  };
};

export const schemas: Source[] = [
  {
    file: "harness/catalog/scenario.schema.json",
    of: "harness/define/scenario.ts",
    type: "ScenarioFile",
    title: "A scenario of Hopwise",
    isNamed: false,
    finish: eitherKind,
  },
  { file: "harness/report/report.schema.json", of: "harness/report/report.ts", type: "Report", title: "hopwise.report/1", isNamed: true },
  {
    file: "harness/report/check.schema.json",
    of: "harness/report/predicted-report.ts",
    type: "AnyCheckReport",
    title: "hopwise.check/1",
    isNamed: true,
  },
  {
    file: "harness/report/timeouts.schema.json",
    of: "harness/report/timeouts-report.ts",
    type: "TimeoutsReport",
    title: "hopwise.timeouts/1",
    isNamed: true,
  },
  {
    file: "harness/report/probe.schema.json",
    of: "harness/report/probe-report.ts",
    type: "ProbeReport",
    title: "hopwise.probe/1",
    isNamed: true,
  },
  {
    file: "docs/can-i-stream.schema.json",
    of: "scripts/_can-i-stream.ts",
    type: "CanIStream",
    title: "hopwise.can-i-stream/1",
    isNamed: true,
  },
];

export const generate = ({ of, type, title, isNamed, finish = (schema) => schema }: Source): object => {
  const generator = createGenerator({
    path: join(root, of),
    tsconfig: join(root, "tsconfig.json"),
    expose: isNamed ? "export" : "none",
    topRef: false,
    sortProps: false,
    discriminatorType: "open-api",
    // `npm run check` does so, with the compiler that the repository uses.
    skipTypeCheck: true,
  });
  const { $schema, definitions = {}, ...schema } = generator.createSchema(type);
  return inOneLine({ $schema, title, ...finish(schema), ...(isNamed ? { definitions } : {}) }) as object;
};

/** A comment's line breaks are those of the source. */
const inOneLine = (value: unknown): unknown => {
  if (Array.isArray(value)) return value.map(inOneLine);
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, inner]) => [
      key,
      key === "description" && typeof inner === "string" ? inner.replaceAll(/\s+/g, " ").trim() : inOneLine(inner),
    ]),
  );
};
