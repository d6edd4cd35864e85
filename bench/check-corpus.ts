// `node bench/check-corpus.ts [part of a name…] [--nginx 1.26] [--at-once 2]`: `hopwise check` on every configuration of test/configs, against what an
// expert expects of it. Exits 1 if they disagree; the reports are then in out/check-corpus/. A run of all writes results/check-corpus.json.
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { packageRoot } from "../harness/catalog/package-root.ts";
import type { CheckReport } from "../harness/report/check-report.ts";
import { readCorpus } from "../test/configs/_corpus.ts";
import { compare, expectedOf } from "../test/configs/_expected.ts";
import type { Complaint } from "../test/configs/_expected.ts";
import { corpusFile, readCorpusResults, writeResults } from "./_accuracy.ts";
import type { CorpusResult, Disagreement } from "./_accuracy.ts";
import { checkMany } from "./_checking.ts";
import { optionsOf } from "../scripts/_options.ts";

const { values, positionals } = optionsOf({
  allowPositionals: true,
  options: {
    nginx: { type: "string", default: "1.26" },
    "at-once": { type: "string", default: "2" },
    verbose: { type: "boolean", default: false },
  },
});

const inWords = (complaint: Complaint): string => {
  const about = `${complaint.location}: ${complaint.kind}`;
  if (complaint.kind === "missed") return `${about} ${complaint.rule}; ${complaint.why}`;
  if (complaint.kind === "wrong-line")
    return `${about} for ${complaint.rule}: ${complaint.named ?? "none"}, not ${complaint.right.join(" or ")}`;
  if (complaint.kind === "accused") return `${about} of ${complaint.rule}: ${complaint.says}`;
  if (complaint.kind === "wrong-condition") return `${about} of ${complaint.rule}: it is so for clients that accept one coding only`;
  return `${about}; ${complaint.why}`;
};

/** What was seen, to find out why it is not as expected. */
const keep = (name: string, report: CheckReport): void => {
  const folder = join(packageRoot, "out/check-corpus");
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, `${name}.json`), JSON.stringify(report, null, 2));
};

const samples = readCorpus().filter(
  ({ expected }) =>
    expected.nginx.includes(values.nginx) && (positionals.length === 0 || positionals.some((part) => expected.name.includes(part))),
);
const disagreed: Disagreement[] = [];
await checkMany(samples, Number(values["at-once"]), async ({ expected, files }, checking) => {
  const began = performance.now();
  const complaints = await checking.checkFiles(expected, files, values.nginx).then(
    (report) => {
      if (values.verbose)
        for (const { rule, route, level, says, culprit, conditions } of report.findings)
          console.log(
            `    ${level} ${rule} ${route} ${culprit ? `${culprit.at.file}:${culprit.at.line}` : "unproven"} ${says} ${conditions.join("; ")}`,
          );
      const found = compare(expectedOf(expected, values.nginx), report, ".").map(inWords);
      if (found.length > 0) keep(expected.name, report);
      return found;
    },
    (error: unknown) => [`failed: ${error instanceof Error ? error.message : String(error)}`],
  );
  if (complaints.length > 0) disagreed.push({ config: expected.name, complaints });
  const took = ((performance.now() - began) / 1000).toFixed(1);
  console.log(`${complaints.length === 0 ? "agree   " : "disagree"} ${expected.name} (${took} s)`);
  for (const complaint of complaints) console.log(`    ${complaint}`);
});
console.log(`\n${samples.length - disagreed.length} of ${samples.length} as expected, nginx ${values.nginx}`);
if (positionals.length === 0) {
  const known = readCorpusResults()?.versions ?? {};
  const result: CorpusResult = { date: new Date().toISOString(), configurations: samples.length, disagreed };
  const versions = Object.fromEntries(
    Object.entries({ ...known, [values.nginx]: result }).toSorted(([one], [other]) => one.localeCompare(other)),
  );
  writeResults(corpusFile, { schema: "hopwise.check-corpus/1", versions });
}
process.exitCode = disagreed.length > 0 ? 1 : 0;
