// The README's picture is a real run: run again, it shows the same in the same words. Only times, and what follows from them, differ.
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, it } from "vitest";
import { packageRoot } from "../../harness/catalog/package-root.ts";
import { samples } from "../../scripts/_readme-samples.ts";
import { hopwise, reportOf } from "./_cli.ts";

/** Its words: without numbers and their units, line breaks, and what a lane of the picture has after its name. */
const wordsOf = (text: string): string =>
  text
    .split("\n")
    .map((line) => (/[●┤╌]/.test(line) ? line.trim().split(/ {2,}/)[0] : line))
    .join(" ")
    .replaceAll(/\d+(\.\d+)? (ms|s|B|bytes)\b/g, "…")
    .replaceAll(/\s+/g, " ");

const [sample] = samples;
if (!sample) throw new Error("There is no sample of a run");
const recorded = sample.render(JSON.parse(await readFile(join(packageRoot, "docs/samples/readme/run.json"), "utf8")));

it(`hopwise ${sample.args.join(" ")} shows what the README shows`, async () => {
  const ended = await hopwise([...sample.args, "--reporter", "json"]);
  expect(ended.code, ended.err).toBe(sample.exitCode);
  const again = sample.render(reportOf(ended));
  expect(wordsOf(again)).toBe(wordsOf(recorded));
});
