// Reads a file that Hopwise wrote: the report of a run, a check or a probe, or a trace.
import { Ajv } from "ajv";
import { AuthorError } from "../errors.ts";
import type { Trace } from "../model/trace.ts";
import checkSchema from "../report/check.schema.json" with { type: "json" };
import type { AnyCheckReport } from "../report/predicted-report.ts";
import type { ProbeReport } from "../report/probe-report.ts";
import probeSchema from "../report/probe.schema.json" with { type: "json" };
import type { Report } from "../report/report.ts";
import runSchema from "../report/report.schema.json" with { type: "json" };
import { readJson, refusal } from "./read-report.ts";

export type Saved =
  | { kind: "run"; report: Report }
  | { kind: "check"; report: AnyCheckReport }
  | { kind: "probe"; report: ProbeReport }
  | { kind: "trace"; trace: Trace };

const ajv = new Ajv({ strict: false, allowUnionTypes: true });

/** What a trace must have to be judged at all; the rest is as the lab writes it. */
const traceSchema = {
  type: "object",
  required: ["runtime", "timeScale", "nodes", "links", "cases", "control", "queueDelay", "harnessFault"],
  properties: {
    nodes: { type: "array", minItems: 2, items: { type: "string" } },
    links: { type: "array", items: { type: "object", required: ["from", "to", "level"] } },
    cases: {
      type: "array",
      minItems: 1,
      items: {
        type: "object",
        required: ["case", "startedAt", "endedAt", "origin", "exchanges", "clients"],
        properties: { case: { type: "object", required: ["id", "role", "title", "script", "clients"] } },
      },
    },
  },
};

const kinds: Record<string, { schema: object; as: (value: unknown) => Saved }> = {
  "hopwise.report/1": { schema: runSchema, as: (value) => ({ kind: "run", report: value as Report }) },
  "hopwise.check/1": { schema: checkSchema, as: (value) => ({ kind: "check", report: value as AnyCheckReport }) },
  "hopwise.probe/1": { schema: probeSchema, as: (value) => ({ kind: "probe", report: value as ProbeReport }) },
  "hopwise.trace/1": { schema: traceSchema, as: (value) => ({ kind: "trace", trace: value as Trace }) },
};

export const readSaved = async (file: string): Promise<Saved> => {
  const value = await readJson(file);
  const schema = (value as { schema?: unknown } | null)?.schema;
  const kind = typeof schema === "string" && Object.hasOwn(kinds, schema) ? kinds[schema] : undefined;
  if (!kind)
    throw new AuthorError(
      `${file} is no report and no trace of Hopwise: its schema is ${JSON.stringify(schema) ?? "missing"}, not one of ${Object.keys(kinds).join(", ")}`,
    );
  const validate = ajv.compile(kind.schema);
  if (!validate(value)) throw refusal(file, validate);
  return kind.as(value);
};
