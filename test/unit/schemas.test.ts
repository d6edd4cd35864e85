// The published schemas are made of the types: `npm run schema` writes them.
import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { generate, schemas } from "../../scripts/_schemas.ts";

test.for(schemas)("$file is what $type says", (schema) => {
  const published = JSON.parse(readFileSync(new URL(`../../${schema.file}`, import.meta.url), "utf8")) as object;
  expect(published).toEqual(generate(schema));
});
