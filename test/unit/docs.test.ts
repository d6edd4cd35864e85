// The documentation says what is there: a page for every word, links that lead somewhere, scenarios that exist, files shown as they are.
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import { describe, expect, it } from "vitest";
import { renderedPage } from "../../bench/_accuracy.ts";
import { markdown } from "../../bench/_report.ts";
import type { BenchReport } from "../../bench/_report.ts";
import { probeMarkdown } from "../../bench/_probe-report.ts";
import type { ProbeTable } from "../../bench/_probe-report.ts";
import { openCatalog } from "../../harness/catalog/catalog.ts";
import { packageRoot } from "../../harness/catalog/package-root.ts";
import { rules } from "../../harness/report/check-words.ts";
import { headlines, pageOf } from "../../harness/report/words.ts";

const pages = [
  "README.md",
  ...readdirSync(join(packageRoot, "docs"), { recursive: true, encoding: "utf8" })
    .filter((name) => name.endsWith(".md"))
    .map((name) => `docs/${name}`),
];
const textOf = (page: string): string => readFileSync(join(packageRoot, page), "utf8");

describe("the documentation", () => {
  it.each(headlines)("has a page for %s", (headline) => {
    expect(textOf(pageOf(headline))).toMatch(new RegExp(`^# ${headline}\n`));
  });

  it("has no page for a word that there is not", () => {
    const words = readdirSync(join(packageRoot, "docs/verdicts")).map((name) => name.replace(/\.md$/, ""));
    expect(words.filter((word) => ![...headlines, ...rules].includes(word as never))).toEqual([]);
  });

  it("has in its page on accuracy what was measured (node bench/accuracy.ts)", () => {
    expect(renderedPage()).toBe(textOf("docs/accuracy.md"));
  });

  it("has in its page on costs what was measured (node bench/main.ts --render)", () => {
    const [, figures] =
      /<!-- figures: node bench\/main\.ts --render -->\n\n([^]*?)\n\n<!-- \/figures -->/.exec(textOf("docs/bench.md")) ?? [];
    expect(figures).toBe(markdown(JSON.parse(textOf("results/bench.json")) as BenchReport));
  });

  it("has in its page on probes what was measured (node bench/probe.ts --render)", () => {
    const [, table] = /<!-- table: node bench\/probe\.ts --render -->\n\n([^]*?)\n\n<!-- \/table -->/.exec(textOf("docs/probe.md")) ?? [];
    const isMeasured = existsSync(join(packageRoot, "results/probe.json"));
    expect(table).toBe(isMeasured ? probeMarkdown(JSON.parse(textOf("results/probe.json")) as ProbeTable) : "Not measured yet.");
  });

  it("says of a scenario in each place from where it can import", () => {
    const page = textOf("docs/adding-a-scenario.md");
    for (const said of ["in `scenarios/`", "elsewhere in a clone", "`hopwise` after `npm run build`", "`export default { title: … }`"])
      expect(page).toContain(said);
  });

  it.each(pages)("%s links to what exists", (page) => {
    const targets = Array.from(textOf(page).matchAll(/\]\((?!https?:|#)([^)#\s]+)/g), (match) => match[1] ?? "");
    expect(targets.filter((target) => !existsSync(resolve(packageRoot, dirname(page), target)))).toEqual([]);
  });

  it.each(pages)("%s names scenarios that exist", (page) => {
    const { ids } = openCatalog().scenarios;
    const named = Array.from(textOf(page).matchAll(/\(scenario ((?:`[^`]+`(?:, )?)+)\)/g), (match) => match[1] ?? "").flatMap((list) =>
      Array.from(list.matchAll(/`([^`]+)`/g), (match) => match[1] ?? ""),
    );
    expect(named.filter((id) => !ids.includes(id))).toEqual([]);
  });

  it.each(pages)("%s shows files as they are", (page) => {
    for (const [, file = "", shown] of textOf(page).matchAll(/<!-- file: (\S+) -->\n```\w*\n([\s\S]*?)```/g))
      expect(shown, file).toBe(readFileSync(join(packageRoot, file), "utf8"));
  });
});
