// docs/check.md lists what there is.
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { parse } from "yaml";
import { packageRoot } from "../../../harness/catalog/package-root.ts";
import { checkReporters } from "../../../harness/commands/formats.ts";
import { pageOfRule, rules } from "../../../harness/report/check-words.ts";

const read = (file: string): string => readFileSync(join(packageRoot, file), "utf8");
const page = read("docs/check.md");

test("the page has every option of the command, and no other", () => {
  const [, command = ""] = /\.command\("check"\)([^]*?)\.command\("/.exec(read("harness/commands/program.ts")) ?? [];
  const options = (text: string): string[] => [...new Set(Array.from(text.matchAll(/--[a-z][a-z-]*/g), ([name]) => name))].toSorted();
  const [, table = ""] = /## Options\n([^]*?)\n##/.exec(page) ?? [];
  expect(options(Array.from(table.matchAll(/^\| `(--[^`]+)`/gm), (match) => match[1]).join(" "))).toEqual(
    options(Array.from(command.matchAll(/(?:option|Option)\(\s*"(--[^"]+)"/g), (match) => match[1]).join(" ")),
  );
});

test("the page has every reporter and every kind of finding", () => {
  const [, table = ""] = /## Outputs\n([^]*?)\n##/.exec(page) ?? [];
  expect(Array.from(table.matchAll(/^\| `(\w+)` \|/gm), (match) => match[1])).toEqual([...checkReporters.keys()]);
  expect(Array.from(page.matchAll(/^\[buffered\].*$/gm), ([line]) => line.split(" · ").map((link) => /\((.*)\)/.exec(link)?.[1]))).toEqual([
    rules.map((rule) => pageOfRule(rule).replace("docs/", "")),
  ]);
  for (const rule of rules) expect(read(pageOfRule(rule))).toMatch(new RegExp(`^# ${rule}\n`));
});

test("the recipes of the page on CI are YAML, and name what the action has", () => {
  const recipes = Array.from(read("docs/ci.md").matchAll(/```yaml\n([^]*?)```/g), (match) => parse(match[1] ?? "") as unknown);
  const { inputs } = parse(read("action.yml")) as { inputs: Record<string, unknown> };
  const withOf = (node: unknown): Record<string, unknown>[] => {
    if (typeof node !== "object" || node === null) return [];
    const { uses, with: given } = node as { uses?: unknown; with?: Record<string, unknown> };
    return [...(typeof uses === "string" && uses.startsWith("OWNER/") ? [given ?? {}] : []), ...Object.values(node).flatMap(withOf)];
  };
  const uses = recipes.flatMap(withOf);
  expect(uses.length).toBeGreaterThan(0);
  for (const given of uses) for (const name of Object.keys(given)) expect(Object.keys(inputs)).toContain(name);
});
