// What a scenario file may say, as JSON Schema, and the sentence for what it may not.
import { Ajv } from "ajv";
import type { ErrorObject } from "ajv";
import { distance } from "fastest-levenshtein";
import type { Scenario } from "./define.ts";
import { AuthorError } from "./runtime/runtime.ts";
import { noLines, placeIn } from "./source.ts";
import type { LineOf, Path } from "./source.ts";
import { waitsForLimit } from "./time-scale.ts";

/** From there on a millisecond of the server's timer is a tenth of a second of its own clock. */
const mostTimeScale = 100;

const text = { type: "string", minLength: 1 } as const;
const milliseconds = { type: "number", exclusiveMinimum: 0, maximum: 3_600_000 } as const;
const bytes = { type: "integer", minimum: 1, maximum: 1_048_576 } as const;
const count = { type: "integer", minimum: 2, maximum: 10_000 } as const;
const oneOf = (...words: string[]) => ({ enum: words });
/** One value, or a list to sweep over. */
const axis = (value: object) => ({ anyOf: [value, { type: "array", items: value, minItems: 1 }] });
const headerList = { type: "array", items: { type: "array", items: { type: "string" }, minItems: 2, maxItems: 2 } } as const;

const object = (properties: Record<string, unknown>, required: string[] = []) => ({
  type: "object",
  properties,
  required,
  additionalProperties: false,
});

const trials: Record<string, Record<string, unknown>> = {
  "lock-step": { recordBytes: axis(bytes), records: count },
  paced: { recordBytes: axis(bytes), records: count, everyMs: milliseconds },
  "size-sweep": { recordBytes: { type: "array", items: bytes, minItems: 1 } },
  "header-hold": { holdMs: milliseconds },
  "first-byte-wait": { waitMs: milliseconds },
  silence: { silentMs: milliseconds, flowMs: milliseconds },
  "origin-abort": { how: { type: "array", items: oneOf("reset", "close", "no-last-chunk", "reset-behind-data"), minItems: 1 } },
  "client-leaving": { noticeMs: milliseconds },
  "late-joiner": { cacheControl: { type: "array", items: { type: ["string", "null"] }, minItems: 1 } },
  bodyless: {},
};

const trial = {
  type: "object",
  required: ["kind"],
  discriminator: { propertyName: "kind" },
  oneOf: Object.entries(trials).map(([kind, properties]) => object({ kind: { const: kind }, ...properties }, ["kind"])),
};

const hop = {
  anyOf: [text, object({ server: text, middlewares: { type: "array", items: text }, id: text }, ["server"])],
};

/** JSON Schema (draft-07) of a scenario. */
export const scenarioSchema = object(
  {
    title: text,
    chain: { type: "array", minItems: 2, items: [object({ app: text }, ["app"])], additionalItems: hop },
    request: object({
      path: { type: "string", pattern: "^/" },
      host: text,
      tls: oneOf("http/1.1", "h2"),
      method: axis(text),
      version: axis(oneOf("1.0", "1.1")),
      acceptEncoding: axis({ type: ["string", "null"] }),
      headers: headerList,
    }),
    response: object({
      format: axis(oneOf("sse", "ndjson", "csv", "json-array", "text", "binary")),
      filler: oneOf("compressible", "incompressible"),
      contentType: axis(text),
      framing: oneOf("chunked", "content-length", "close"),
      version: oneOf("1.0", "1.1"),
      headers: headerList,
    }),
    trial,
    timeScale: { type: "integer", minimum: 1, maximum: mostTimeScale },
    showcase: { type: "boolean" },
    must: object({
      deliver: oneOf("incrementally"),
      headers: oneOf("promptly"),
      end: oneOf("complete", "visibly"),
      source: oneOf("origin"),
      integrity: oneOf("intact"),
      noticeDisconnectWithinMs: milliseconds,
      surviveSilenceMs: milliseconds,
    }),
    does: object({
      deliver: oneOf("incremental", "lagging", "batched", "buffered"),
      headers: oneOf("prompt", "held"),
      end: oneOf("complete", "incomplete-visible", "incomplete-silent", "error-response", "no-response", "malformed", "hung"),
      cause: oneOf("origin-abort", "first-byte-limit", "idle-limit", "total-limit"),
      source: oneOf("origin", "cached", "collapsed", "revalidated", "stale", "asked"),
      integrity: oneOf("intact", "altered"),
      disconnect: oneOf("at-once", "on-next-write", "late", "lost"),
      culprit: text,
    }),
    because: { type: "string", pattern: "^https?://" },
    twin: text,
  },
  ["title", "chain", "trial"],
);

/** Nothing would be compared with what the wire did. */
const isEmpty = (expectation: object): boolean => Object.values(expectation).every((word) => word === undefined);

/** What is wrong first with data of an author's, and where. */
interface Fault {
  path: Path;
  sentence: string;
}

/** Looks for what a schema does not allow; `whole` is what the sentences call all of it, e.g. "the scenario". */
export const faultFinder = (schema: object, whole: string): ((value: unknown) => Fault | null) => {
  const validate = new Ajv({ allErrors: true, strict: false, verbose: true, discriminator: true }).compile(schema);
  return (value) => {
    if (validate(value)) return null;
    const error = decisive(validate.errors ?? []);
    return error
      ? { path: pathOf(error), sentence: sentenceOf(error, whole) }
      : { path: [], sentence: `${whole} is not what it should be` };
  };
};

const faultOf = faultFinder(scenarioSchema, "the scenario");

/** Returns the scenario, or throws an AuthorError: file and line, what is there, what may be there. */
export const checkScenario = (given: unknown, file: string, lineOf: LineOf = noLines): Scenario => {
  const refuse = (path: Path, sentence: string): AuthorError => new AuthorError(`${placeIn({ file, lineOf }, path)}: ${sentence}`);
  const fault = faultOf(given);
  if (fault) throw refuse(fault.path, fault.sentence);
  const value = given as Scenario;
  if ("must" in value === "does" in value)
    throw refuse(["does"], "a scenario says either what `must` hold or what the chain `does`, one of the two");
  if ("must" in value ? isEmpty(value.must) : isEmpty(value.does)) {
    const side = "must" in value ? "must" : "does";
    throw refuse([side], `${side} names nothing, which holds whatever the wire does; name at least one of ${wordsOf(side).join(", ")}`);
  }
  if (value.timeScale !== undefined && !waitsForLimit(value.trial))
    throw refuse(
      ["timeScale"],
      `timeScale is for the trials that wait for a limit, silence and first-byte-wait, and not for ${value.trial.kind}`,
    );
  if ("does" in value && value.because === undefined) throw refuse(["does"], "a characterization needs a link in `because`");
  return value;
};

const wordsOf = (side: "must" | "does"): string[] =>
  Object.keys((scenarioSchema.properties[side] as { properties: Record<string, unknown> }).properties);

const decisive = (all: readonly ErrorObject[]): ErrorObject | undefined => {
  const errors = withoutOtherForms(all);
  return errors.find(({ keyword }) => keyword === "additionalProperties" || keyword === "enum" || keyword === "const") ?? errors[0];
};

/** Where one of several forms may stand, the fault is in the one that was meant: not that it is none of the others. */
const withoutOtherForms = (errors: readonly ErrorObject[]): ErrorObject[] => {
  let left = [...errors];
  for (const { keyword, schemaPath, instancePath } of errors) {
    if (keyword !== "anyOf") continue;
    const inside = left.filter((error) => error.schemaPath.startsWith(`${schemaPath}/`));
    const isOtherForm = (error: ErrorObject): boolean => error.instancePath === instancePath && isOfForm(error);
    const meant = inside.filter((error) => !isOtherForm(error));
    const kept = meant.length > 0 ? meant : inside.every((error) => error.keyword === "type") ? anyType(inside) : inside;
    left = left.flatMap((error) => (error === inside[0] ? kept : inside.includes(error) ? [] : [error]));
  }
  return left.filter(({ keyword }) => keyword !== "anyOf");
};

const isOfForm = ({ keyword }: ErrorObject): boolean => keyword === "type" || keyword === "enum" || keyword === "const";

const anyType = (errors: readonly ErrorObject[]): ErrorObject[] => {
  const types = errors.flatMap(({ params }) => params["type"] as string | string[]);
  return errors.slice(0, 1).map((error) => ({ ...error, message: `must be ${types.join(" or ")}` }));
};

/** Of the part that is wrong: a word that means nothing stands where the word is. */
const pathOf = ({ instancePath, keyword, params }: ErrorObject): Path => {
  const path = instancePath
    .split("/")
    .slice(1)
    .map((step) => step.replaceAll("~1", "/").replaceAll("~0", "~"));
  if (keyword === "additionalProperties") return [...path, String(params["additionalProperty"])];
  return keyword === "discriminator" ? [...path, "kind"] : path;
};

const sentenceOf = (error: ErrorObject, whole: string): string => {
  const place = error.instancePath === "" ? whole : error.instancePath.slice(1).replaceAll("/", ".");
  const found = JSON.stringify(error.data)?.slice(0, 60);
  const params = error.params as Record<string, unknown>;
  switch (error.keyword) {
    case "additionalProperties": {
      const word = String(params["additionalProperty"]);
      const known = Object.keys((error.parentSchema?.["properties"] ?? {}) as object);
      return `${place} has "${word}", which means nothing there; ${suggest(word, known)}`;
    }
    case "enum":
      // YAML reads 1.1 as a number, and the word is "1.1".
      return `${place} is ${typeof error.data === "number" ? "the number " : ""}${found}; ${suggest(String(error.data), (params["allowedValues"] as unknown[]).map(String))}`;
    case "required":
      return `${place} lacks "${String(params["missingProperty"])}"`;
    case "discriminator": {
      const word = String(params["tagValue"]);
      return `${place}.kind is "${word}"; ${suggest(word, Object.keys(trials))}`;
    }
    case "minItems":
      if (place === "chain") return 'chain has no hop between the origin and the client; add at least one, e.g. "http-pipe"';
      return `${place} is ${found}, and at least ${String(params["limit"])} must be there`;
    default:
      return `${place} is ${found}, and ${error.message ?? "that is not allowed"}`;
  }
};

const suggest = (word: string, words: readonly string[]): string => {
  const nearest = words.toSorted((a, b) => distance(word, a) - distance(word, b))[0];
  const all = `valid are ${words.join(", ")}`;
  return nearest !== undefined && distance(word, nearest) <= Math.max(2, word.length / 3) ? `did you mean "${nearest}"? (${all})` : all;
};
