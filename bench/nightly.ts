// `npm run nightly -- [--only regex] [--within minutes] [--list]`: everything that takes too long for each change, in stages. It goes on where
// the last run of the same sources ended: out/nightly/ has the state, and the output of each stage. A failed stage is run again. `--within`
// starts no stage after that. Exits with 1 if a stage failed, 3 if some are left, 130 if interrupted.
import { execFileSync } from "node:child_process";
import { createHash } from "node:crypto";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { packageRoot } from "../harness/catalog/package-root.ts";
import { isPassed, readState, runStages } from "./_nightly-run.ts";
import { stagesOf } from "./_nightly-stages.ts";

const { values } = parseArgs({ options: { only: { type: "string" }, within: { type: "string" }, list: { type: "boolean" } } });

const git = (...args: string[]): string =>
  execFileSync("git", args, { cwd: packageRoot, encoding: "utf8", maxBuffer: 256 * 1024 * 1024 }).trim();

const commit = git("rev-parse", "HEAD");
// Stages write their results and the pages made of them.
const changed = git("diff", "HEAD", "--", ".", ":!results", ":!docs", ":!README.md");
const of = changed === "" ? commit : `${commit} changed ${createHash("sha256").update(changed).digest("hex").slice(0, 12)}`;

const wanted = new RegExp(values.only ?? "");
const stages = stagesOf(Number.parseInt(commit.slice(0, 6), 16)).filter(({ name }) => wanted.test(name));
const folder = join(packageRoot, "out/nightly");

const interruption = new AbortController();
for (const signal of ["SIGINT", "SIGTERM"] as const) process.once(signal, () => interruption.abort());

const state = values.list
  ? readState(folder, of)
  : await runStages(stages, {
      folder,
      of,
      cwd: packageRoot,
      say: (text) => void process.stderr.write(`${text}\n`),
      signal: interruption.signal,
      ...(values.within === undefined ? {} : { withinMs: Number(values.within) * 60_000 }),
    });

const wordOf = (stage: (typeof stages)[number]): string =>
  isPassed(state, stage) ? "passed" : state.stages[stage.name] ? "failed" : "not run";
for (const stage of stages) console.log(`${wordOf(stage).padEnd(8)} ${stage.name}`);

const words = new Set(stages.map(wordOf));
if (!values.list) process.exitCode = interruption.signal.aborted ? 130 : words.has("failed") ? 1 : words.has("not run") ? 3 : 0;
