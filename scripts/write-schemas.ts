// Writes the list of trials and the schemas; a unit test says when one is no longer what the folder or the types say.
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { generate, schemas } from "./_schemas.ts";
import { trialFiles, trialIndex, trialIndexText } from "./_trial-kinds.ts";
import { optionsOf } from "./_options.ts";

optionsOf({});

writeFileSync(trialIndex, trialIndexText(trialFiles()));

for (const schema of schemas) writeFileSync(join(import.meta.dirname, "..", schema.file), `${JSON.stringify(generate(schema), null, 2)}\n`);
