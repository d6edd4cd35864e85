// docs/platforms.md shows what platforms/ has, as documented.
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { openCatalog } from "../../harness/catalog/catalog.ts";
import { packageRoot } from "../../harness/catalog/package-root.ts";
import { platformTable, renderedPlatforms } from "../../scripts/_platforms.ts";

const page = readFileSync(join(packageRoot, "docs/platforms.md"), "utf8");
const platforms = await Promise.all(openCatalog().platforms.entries.map(async ({ id, load }) => ({ id, ...(await load()) })));

test("the page has what the folder has (npm run platforms)", () => {
  expect(platforms.length).toBeGreaterThan(20);
  expect(page).toContain(`<!-- platforms -->\n\n${platformTable(platforms)}\n\n<!-- /platforms -->`);
  expect(renderedPlatforms(page, platforms)).toBe(page);
  expect(renderedPlatforms(page, platforms.slice(1))).not.toBe(page);
});

test("the page says at its top that nothing in it was measured, and no column claims it", () => {
  expect(page).toMatch(/^# [^\n]*documented, never measured\n/);
  expect(page.match(/^\| name \|.*$/m)?.[0]).not.toMatch(/measured/);
});

test.for(platforms)("$id has pages by https, a date or none, and sensible values", ({ pages, read, limits, remarks = [] }) => {
  for (const url of [...pages, ...limits.flatMap(({ page: own }) => own ?? [])]) expect(new URL(url).protocol).toBe("https:");
  expect(read ?? "2026").toMatch(/^20\d\d(?:-[01]\d(?:-[0-3]\d)?)?$/);
  for (const { ms, range, formerly, shownBy } of limits) {
    // Nothing here can be started, so that no scenario measures it.
    expect(shownBy).toBeUndefined();
    if (ms !== null) {
      expect(ms).toBeGreaterThanOrEqual(1000);
      expect(ms).toBeLessThanOrEqual(range?.mostMs ?? 3_600_000);
      expect(ms).toBeGreaterThanOrEqual(range?.leastMs ?? 0);
    }
    if (formerly) expect(formerly.ms).not.toBe(ms);
  }
  for (const remark of remarks) expect(remark).toMatch(/^\S.*\.$/);
});

test("a cell keeps its column, whatever its text", () => {
  const [platform] = platforms;
  if (!platform) throw new Error("There is no platform");
  const row =
    platformTable([{ ...platform, title: "a | b" }])
      .split("\n")
      .at(-1) ?? "";
  expect(row.split(/(?<!\\)\|/)).toHaveLength(8);
});
