// The first violation of a JSON Schema in an author's data, as a sentence.
import { Ajv } from "ajv";
import type { ErrorObject, ValidateFunction } from "ajv";
import { distance } from "fastest-levenshtein";
import { trialKinds } from "../trials/index.ts";
import type { Path } from "./source.ts";

interface Fault {
  path: Path;
  sentence: string;
}

/** Finds the first violation of a schema; `whole` is the name of the data in messages, e.g. "the scenario". */
export const faultFinder = (schema: object, whole: string): ((value: unknown) => Fault | null) => {
  // Compiled at its first use: most commands never meet the data that it is for, and it takes as long as loading Ajv.
  let compiled: ValidateFunction | null = null;
  return (value) => {
    const validate = (compiled ??= new Ajv({ allErrors: true, strict: false, verbose: true, discriminator: true }).compile(schema));
    if (validate(value)) return null;
    const error = decisive(validate.errors ?? []);
    return error ? { path: pathOf(error), sentence: sentenceOf(error, whole) } : { path: [], sentence: `${whole} is not valid` };
  };
};

const decisive = (all: readonly ErrorObject[]): ErrorObject | undefined => {
  const errors = withoutOtherForms(all);
  return errors.find(({ keyword }) => keyword === "additionalProperties" || keyword === "enum" || keyword === "const") ?? errors[0];
};

/** If several forms are allowed, the violation is in the form that the author meant. */
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

/** The path of the violation; for an unknown property, that of the property. */
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
      return `${place} has the unknown property "${word}"; ${suggest(word, known)}`;
    }
    case "const":
    case "enum":
      // YAML reads 1.1 as a number; the value must be the string "1.1".
      return `${place} is ${typeof error.data === "number" ? "the number " : ""}${found}; ${suggest(String(error.data), wordsAllowed(params))}`;
    case "required":
      return `${place} lacks "${String(params["missingProperty"])}"`;
    case "discriminator": {
      const word = String(params["tagValue"]);
      return `${place}.kind is "${word}"; ${suggest(word, trialKinds)}`;
    }
    case "minItems":
      if (place === "chain") return 'chain has no hop between the origin and the client; add at least one, e.g. "http-pipe"';
      return `${place} is ${found}, but needs at least ${String(params["limit"])}`;
    default:
      return `${place} is ${found}, but ${error.message ?? "is not allowed"}`;
  }
};

const suggest = (word: string, words: readonly string[]): string => {
  const nearest = words.toSorted((a, b) => distance(word, a) - distance(word, b))[0];
  const all = `valid are ${words.join(", ")}`;
  return nearest !== undefined && distance(word, nearest) <= Math.max(2, word.length / 3) ? `did you mean "${nearest}"? (${all})` : all;
};

const wordsAllowed = (params: Record<string, unknown>): string[] =>
  ((params["allowedValues"] as unknown[] | undefined) ?? [params["allowedValue"]]).map(String);
