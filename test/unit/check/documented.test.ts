// The tables of docs/check.md that say what is sent and what must hold.
import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { packageRoot } from "../../../harness/catalog/package-root.ts";
import { checksOf, mustOf } from "../../../harness/check/checks.ts";
import type { Purpose } from "../../../harness/check/checks.ts";
import type { Must } from "../../../harness/define.ts";

const page = readFileSync(`${packageRoot}/docs/check.md`, "utf8");

/** The rows of a table between two comments, each as its cells. */
const rowsOf = (name: string): string[][] => {
  const table = new RegExp(`<!-- ${name}: [^>]*-->([^]*?)<!-- /${name} -->`).exec(page)?.[1] ?? "";
  const [, , ...rows] = table.trim().split("\n");
  return rows.map((row) =>
    row
      .split("|")
      .slice(1, -1)
      .map((cell) => cell.trim()),
  );
};

const code = (word: string): string => `\`${word}\``;

/** A key of the user's own decides whether a trial is run: with all of them, all are. */
const every: Must = { ...mustOf("sse") };

test("docs/check.md lists the trials", () => {
  const trials = checksOf("sse", every).map(({ id, title, ifMeant, unless }) => [
    code(id),
    title,
    ifMeant === undefined && unless === undefined,
  ]);
  expect(rowsOf("trials").map(([id, title, on]) => [id, title, on?.startsWith("every route")])).toEqual(trials);
});

test("docs/check.md lists what must hold for each purpose", () => {
  const columns: Purpose[][] = [["sse", "ndjson"], ["llm", "mcp"], ["long-polling"], ["download"]];
  const valueOf = (purposes: readonly Purpose[], key: keyof Must): string => {
    const values = new Set(purposes.map((purpose) => mustOf(purpose)[key]));
    expect(values.size, `${purposes.join(", ")} differ in ${key}`).toBe(1);
    const [value] = values;
    return value === undefined ? "" : code(value.toString());
  };
  const rows = (Object.keys(every) as (keyof Must)[]).map((key) => [code(key), ...columns.map((purposes) => valueOf(purposes, key))]);
  expect(rowsOf("requirements").map(([key, , ...values]) => [key, ...values])).toEqual(rows);
});
