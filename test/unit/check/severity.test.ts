// How bad a finding is: the table of purposes, and what of a route's intent and of the user's own requirements changes it.
import { readFileSync } from "node:fs";
import { describe, expect, it, test } from "vitest";
import { packageRoot } from "../../../harness/catalog/package-root.ts";
import { levelOf } from "../../../harness/check/severity.ts";
import type { Wrong } from "../../../harness/check/severity.ts";
import type { Purpose } from "../../../harness/check/checks.ts";
import type { Level } from "../../../harness/report/check-report.ts";

const letters: Record<string, Level> = { e: "error", w: "warning", n: "note" };
const order: Purpose[] = ["sse", "llm", "mcp", "ndjson", "download", "long-polling"];

/** Levels in the order sse, llm, mcp, ndjson, download, long-polling. */
const table: [wrong: Partial<Wrong> & Pick<Wrong, "rule">, levels: string][] = [
  [{ rule: "buffered" }, "eeeenn"],
  [{ rule: "batched" }, "eeeenn"],
  [{ rule: "lagging" }, "eeeenn"],
  [{ rule: "delayed" }, "eeeenw"],
  [{ rule: "throttled" }, "eeeenn"],
  [{ rule: "held" }, "wwwwnn"],
  [{ rule: "truncated-silently" }, "weeeee"],
  [{ rule: "truncated-silently", member: "truncated-visibly" }, "eeeeee"],
  [{ rule: "hung" }, "eeeeee"],
  [{ rule: "no-response" }, "eeeeee"],
  [{ rule: "malformed" }, "eeeeee"],
  [{ rule: "error-response" }, "eeeeee"],
  [{ rule: "altered" }, "eeeeee"],
  [{ rule: "retried" }, "eeeeee"],
  [{ rule: "cached", member: "stale" }, "eeeeee"],
  [{ rule: "cached", member: "revalidated" }, "eeeene"],
  [{ rule: "cached", member: "cached" }, "eeewne"],
  [{ rule: "cached", member: "cached", isForbidden: true }, "eeeeee"],
  [{ rule: "collapsed" }, "eeewne"],
  [{ rule: "collapsed", isForbidden: true }, "eeeeee"],
  [{ rule: "not-propagated" }, "weewww"],
  [{ rule: "propagated-late" }, "nwwnnn"],
  [{ rule: "timed-out" }, "eeeeee"],
  [{ rule: "reload" }, "nwwwww"],
  [{ rule: "upgrade" }, "eeewww"],
  [{ rule: "upload" }, "eeewww"],
  [{ rule: "refused", nth: 6 }, "wwwnnn"],
  [{ rule: "refused", nth: 7 }, "nnnnnn"],
  [{ rule: "no-effect" }, "nnnnnn"],
];

describe("by purpose", () => {
  it.each(table)("%j", (wrong, levels) => {
    expect(order.map((purpose) => levelOf(wrong, { purpose, intent: "unknown", others: "unknown", required: new Set() }))).toEqual(
      Array.from(levels, (letter) => letters[letter]),
    );
  });
});

const usual = { purpose: "sse", intent: "unknown", others: "unknown", required: new Set<never>() } as const;

test("lateness that only large records show is one step lower", () => {
  expect(levelOf({ rule: "lagging", isOfLargeRecords: true }, usual)).toBe("warning");
  expect(levelOf({ rule: "truncated-silently", isOfLargeRecords: true }, { ...usual, purpose: "llm" })).toBe("error");
});

test("a route of unknown intent is lowered by one step where others have one, and to a note where others are named", () => {
  expect(levelOf({ rule: "buffered" }, { ...usual, others: "inferred" })).toBe("warning");
  expect(levelOf({ rule: "held" }, { ...usual, others: "inferred" })).toBe("note");
  expect(levelOf({ rule: "buffered" }, { ...usual, intent: "inferred", others: "inferred" })).toBe("error");
  expect(levelOf({ rule: "buffered" }, { ...usual, intent: "inferred", others: "explicit" })).toBe("note");
  expect(levelOf({ rule: "buffered" }, { ...usual, others: "explicit" })).toBe("note");
  expect(levelOf({ rule: "buffered" }, { ...usual, intent: "explicit", others: "explicit" })).toBe("error");
});

test("what hopwise.yaml requires is an error where it is broken", () => {
  expect(levelOf({ rule: "held" }, { ...usual, required: new Set(["headers"]) })).toBe("error");
  expect(levelOf({ rule: "not-propagated" }, { ...usual, required: new Set(["noticeDisconnectWithinMs"]) })).toBe("error");
  expect(levelOf({ rule: "propagated-late" }, { ...usual, required: new Set(["noticeDisconnectWithinMs"]) })).toBe("error");
  expect(levelOf({ rule: "held" }, { ...usual, required: new Set(["deliver"]) })).toBe("warning");
});

/** The cells of the table in docs/check.md, by what stands in its first column. */
const documented = (): Map<string, string> => {
  const page = readFileSync(`${packageRoot}/docs/check.md`, "utf8");
  const rows = /<!-- severities[^]*?-->([^]*?)<!-- \/severities -->/.exec(page)?.[1]?.matchAll(/^\| ([a-z].*?) \|(.*)\|$/gm) ?? [];
  return new Map(
    Array.from(rows, ([, name = "", cells = ""]) => [
      name,
      cells
        .split("|")
        .map((cell) => cell.trim()[0])
        .join(""),
    ]),
  );
};

test("docs/check.md has the table", () => {
  const inDocs = documented();
  const rowOf = (wrong: Partial<Wrong> & Pick<Wrong, "rule">): string =>
    (["sse", "llm", "ndjson", "download", "long-polling"] as const).map((purpose) => levelOf(wrong, { ...usual, purpose })[0]).join("");
  const rows: [name: string, ...all: (Partial<Wrong> & Pick<Wrong, "rule">)[]][] = [
    ["buffered, batched, lagging, throttled", { rule: "buffered" }, { rule: "batched" }, { rule: "lagging" }, { rule: "throttled" }],
    ["delayed", { rule: "delayed" }],
    ["held", { rule: "held" }],
    ["truncated-silently", { rule: "truncated-silently" }],
    [
      "hung, no-response, malformed, error-response",
      { rule: "hung" },
      { rule: "no-response" },
      { rule: "malformed" },
      { rule: "error-response" },
    ],
    ["timed-out below what must be survived", { rule: "timed-out" }],
    ["altered, retried, cached (stale)", { rule: "altered" }, { rule: "retried" }, { rule: "cached", member: "stale" }],
    ["cached (revalidated)", { rule: "cached", member: "revalidated" }],
    [
      "cached, collapsed, against `no-store` or `no-cache`",
      { rule: "cached", member: "cached", isForbidden: true },
      { rule: "collapsed", isForbidden: true },
    ],
    ["cached, collapsed, otherwise", { rule: "cached", member: "cached" }, { rule: "collapsed" }],
    ["not-propagated", { rule: "not-propagated" }],
    ["propagated-late", { rule: "propagated-late" }],
    ["reload", { rule: "reload" }],
    ["upgrade, upload", { rule: "upgrade" }, { rule: "upload" }],
    ["refused, among the first 6 streams of one address", { rule: "refused", nth: 6 }],
    ["refused later, a timeout that was survived, no-effect", { rule: "refused", nth: 7 }, { rule: "no-effect" }],
  ];
  expect([...inDocs.keys()].filter((name) => name !== "finding")).toEqual(rows.map(([name]) => name));
  for (const [name, ...all] of rows) for (const wrong of all) expect(rowOf(wrong), name).toBe(inDocs.get(name));
});
