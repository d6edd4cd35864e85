// `npm run nightly -- [--only regex] [--within minutes] [--since commit] [--list]`: everything that takes too long for each change, in stages.
// results/nightly.json has what each stage showed last, and of which commit; out/nightly/ has its output. A stage that has passed with the
// same sources is not run again; with `--since`, none that has passed with this commit or a later one. `--within` starts no stage after
// that. Exits with 1 if a stage failed, 3 if some are left, 130 if interrupted.
import { execFileSync, spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import { join } from "node:path";
import { packageRoot } from "../harness/catalog/package-root.ts";
import { isPassed, readState, runStages } from "./_nightly-run.ts";
import type { Stage } from "./_nightly-run.ts";
import { stagesOf } from "./_nightly-stages.ts";
import { optionsOf } from "../scripts/_options.ts";

const { values } = optionsOf({
  options: { only: { type: "string" }, within: { type: "string" }, since: { type: "string" }, list: { type: "boolean" } },
});

const git = (...args: string[]): string =>
  execFileSync("git", args, { cwd: packageRoot, encoding: "utf8", maxBuffer: 256 * 1024 * 1024 }).trim();

const commit = git("rev-parse", "HEAD");
// Stages write their results and the pages made of them.
const changed = git("diff", "HEAD", "--", ".", ":!results", ":!docs", ":!README.md");
const of = changed === "" ? commit : `${commit} changed ${createHash("sha256").update(changed).digest("hex").slice(0, 12)}`;

const since = values.since === undefined ? null : git("rev-parse", "--verify", `${values.since}^{commit}`);
const isAncestor = (one: string, other: string): boolean =>
  spawnSync("git", ["merge-base", "--is-ancestor", one, other], { cwd: packageRoot, stdio: "ignore" }).status === 0;
const counts = (other: string): boolean => other === of || (since !== null && !other.includes(" ") && isAncestor(since, other));

const wanted = new RegExp(values.only ?? "");
const stages = stagesOf(Number.parseInt(commit.slice(0, 6), 16)).filter(({ name }) => wanted.test(name));
const file = join(packageRoot, "results/nightly.json");

const interruption = new AbortController();
for (const signal of ["SIGINT", "SIGTERM"] as const) process.once(signal, () => interruption.abort());

const state = values.list
  ? readState(file)
  : await runStages(stages, {
      folder: join(packageRoot, "out/nightly"),
      file,
      of,
      counts,
      cwd: packageRoot,
      say: (text) => void process.stderr.write(`${text}\n`),
      signal: interruption.signal,
      ...(values.within === undefined ? {} : { withinMs: Number(values.within) * 60_000 }),
    });

const wordOf = (stage: Stage): "passed" | "failed" | "not run" => {
  const seen = state[stage.name];
  if (isPassed(state, stage, counts)) return "passed";
  return seen && seen.code !== 0 && counts(seen.of) ? "failed" : "not run";
};
const lastOf = ({ name }: Stage): string => {
  const seen = state[name];
  return seen ? `${seen.code === 0 ? "passed" : "failed"} on ${seen.on} with ${seen.of.slice(0, 12)}, in ${seen.tookS} s` : "";
};
for (const stage of stages) console.log(`${wordOf(stage).padEnd(8)} ${stage.name.padEnd(12)} ${lastOf(stage)}`.trimEnd());

const words = new Set(stages.map(wordOf));
if (!values.list) process.exitCode = interruption.signal.aborted ? 130 : words.has("failed") ? 1 : words.has("not run") ? 3 : 0;
