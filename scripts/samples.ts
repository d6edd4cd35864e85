// npm run samples                          renders the recorded runs of docs/samples into the pages of the documentation
// npm run samples -- --check               only compares; exit code 1 where a page shows anything else
// npm run samples -- --record [<run>…]     runs the commands again first (a container engine is needed), all or e.g. check/events
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { packageRoot } from "../harness/catalog/package-root.ts";
import { record } from "./_record-sample.ts";
import { pages, renderedSamples, sampleRuns } from "./_samples.ts";
import { optionsOf } from "./_options.ts";

const { values, positionals } = optionsOf({
  allowPositionals: true,
  options: { check: { type: "boolean" }, record: { type: "boolean" } },
});

const main = async (): Promise<number> => {
  const runs = sampleRuns();
  const unknown = positionals.find((wanted) => !runs.some(({ id }) => id === wanted));
  if (unknown !== undefined || (positionals.length > 0 && !values.record)) {
    const why = unknown === undefined ? "Runs are named to be recorded" : `There is no run "${unknown}"`;
    console.error(`${why}: --record with any of ${runs.map(({ id }) => id).join(", ")}`);
    return 2;
  }
  if (values.record)
    for (const run of runs.filter(({ id }) => positionals.length === 0 || positionals.includes(id))) {
      console.log(`${run.id}: ${run.command}`);
      await record(run);
    }
  const changed = pages().filter((page) => renderedSamples(page) !== readFileSync(join(packageRoot, page), "utf8"));
  for (const page of changed) {
    console.log(`${values.check ? "differs from its recorded runs" : "rendered"}: ${page}`);
    if (!values.check) writeFileSync(join(packageRoot, page), renderedSamples(page));
  }
  return values.check && changed.length > 0 ? 1 : 0;
};

process.exitCode = await main();
