// `node bench/accuracy.ts`: renders results/check-corpus.json and results/check-mutations.json into docs/accuracy.md.
import { writeFileSync } from "node:fs";
import { accuracyPage, renderedPage } from "./_accuracy.ts";
import { optionsOf } from "../scripts/_options.ts";

optionsOf({});

writeFileSync(accuracyPage, renderedPage());
