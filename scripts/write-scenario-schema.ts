// Writes harness/scenario.schema.json from what harness/schema.ts checks; a test says when it is no longer the same.
import { writeFileSync } from "node:fs";
import { publishedSchema } from "../harness/published-schema.ts";

writeFileSync(new URL("../harness/scenario.schema.json", import.meta.url), `${JSON.stringify(publishedSchema, null, 2)}\n`);
