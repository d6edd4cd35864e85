import { expect, test } from "vitest";
import { checkPretty } from "../../../harness/report/check-pretty.ts";
import { rowsOf, table } from "../../../harness/report/check-table.ts";
import type { CheckReport } from "../../../harness/report/check-report.ts";
import { paintOf } from "../../../harness/report/look.ts";
import { widthOf } from "../../../harness/report/text.ts";
import { checkReportOf, evil, findings, full, healthy, hostileWith, nginxConf, routes, typical } from "./check-fixtures.ts";

const at = (width: number, report: CheckReport): string => checkPretty(report, { width, colour: false });
const lastOf = (text: string): string | undefined => text.trimEnd().split("\n").at(-1);

test.for([60, 80, 120])("a check at %i columns", (width) => {
  expect(at(width, full)).toMatchSnapshot();
});

test("a check in colours, and nothing but the colours changes", () => {
  const coloured = checkPretty(typical, { width: 80, colour: true });
  expect(coloured).toMatchSnapshot();
  // oxlint-disable-next-line no-control-regex
  expect(coloured.replaceAll(/\u001B\[\d+m/g, "")).toBe(at(80, typical));
});

test.for([40, 60, 80, 120])("no line is longer than %i columns, but for links and diffs", (width) => {
  const lines = at(width, full).split("\n");
  expect(lines.filter((line) => widthOf(line) > width && !/^ {2}see: |^ {4}[-+ ]|^\d+ errors/.test(line))).toEqual([]);
});

test("the place, the directive and what it does stand in one line at the start of a card, the quote is that line", () => {
  const text = at(120, typical);
  expect(text).toContain(
    "\n✗ deploy/nginx.conf:5: gzip_types text/event-stream holds the stream to its end when the client accepts gzip\n",
  );
  const [, number = "", quote = ""] = /\n {2}(\d+) │ (gzip_types.*)\n/.exec(text) ?? [];
  expect(nginxConf.split("\n")[Number(number) - 1]?.trim()).toBe(quote);
});

test("a table where it fits, with the telling columns only where it must, a list where nothing else fits", () => {
  const lines = (width: number, report: CheckReport = typical): string[] =>
    table(report, { width, colour: false }, paintOf({ colour: false }));
  expect(lines(120)[0]).toMatch(/^route +delivery +headers +ending +source +integrity +disconnect +reload +upload$/);
  expect(lines(80)).toEqual([
    "route               delivery    ending               reload",
    "app.example/events  ✗ buffered  ✓                    ✓",
    "app.example/export  ✗ buffered  ✗ incomplete-silent  ?",
    "✓ on every route: headers, source, integrity, disconnect, upload",
  ]);
  expect(lines(40).slice(0, 4)).toEqual([
    "app.example/events",
    "  ✗ delivery buffered",
    "  ✓ headers, ending, source, integrity,",
    "  disconnect, reload, upload",
  ]);
  expect(lines(120, checkReportOf([], { routes: [] }))).toEqual([]);
});

test("a check that broke its requirement and became no finding is not hidden", () => {
  const [, row] = table(checkReportOf([]), { width: 120, colour: false }, paintOf({ colour: false }));
  expect(row).toMatch(/^app\.example\/events +✗ buffered/);
});

test("what fails without a finding is told and counted, unless its route has one", () => {
  const text = at(120, checkReportOf([findings.gzip]));
  expect(text).toContain("\n✗ app.example/export events: must deliver: incrementally, but nginx let nothing out");
  expect(text).not.toContain("✗ app.example/events gzip: must");
  expect(lastOf(text)).toBe("1 error, 0 notes on 2 routes, 2 checks failed without a finding, 1 check not judged (14.21 s)");
});

test("a facet is judged by the trials that ask for it alone", () => {
  const [route = never()] = routes;
  const [first = never()] = route.checks;
  const stateOf = (checks: { check: string; scenario: Partial<typeof first.scenario> }[]): unknown => {
    const played = checks.map(({ check, scenario }) => ({ check, scenario: { ...first.scenario, ...scenario } }));
    return rowsOf(checkReportOf([], { routes: [{ ...route, checks: played }] })).rows[0]?.cells.get("delivery");
  };
  const [{ facets: buffered } = never()] = route.checks.flatMap(({ check, scenario }) => (check === "gzip" ? [scenario] : []));
  const unjudged: Partial<typeof first.scenario> = { outcome: "inconclusive", facets: [] };
  const open = { facet: "delivery", arm: "paced", why: "late" } as const;
  const headers = { headers: "promptly" };
  // What was interrupted is open, whatever another trial showed by the way.
  expect(stateOf([{ check: "events", scenario: unjudged }])).toEqual({ state: "open", words: [] });
  expect(
    stateOf([
      { check: "events", scenario: unjudged },
      { check: "headers", scenario: { facets: buffered, expected: headers } },
    ]),
  ).toEqual({ state: "open", words: [] });
  expect(
    stateOf([
      { check: "events", scenario: {} },
      { check: "headers", scenario: { facets: buffered, undecided: [open], expected: headers } },
    ]),
  ).toEqual({ state: "good", words: [] });
  expect(stateOf([{ check: "events", scenario: { outcome: "fail", facets: buffered } }])).toEqual({ state: "bad", words: ["buffered"] });
});

test("a facet that two findings spoil names both", () => {
  const hung = { ...findings.silent, rule: "hung", id: "hung:x" } as const;
  const [, , row] = table(checkReportOf([findings.silent, hung]), { width: 140, colour: false }, paintOf({ colour: false }));
  expect(row).toContain("✗ incomplete-silent +1");
});

test("one line that spoils many routes is told once", () => {
  const ids = ["a", "b", "c", "d", "e", "f", "g"];
  const spoiled = ids.map((route) => ({ ...findings.gzip, route, id: `buffered:${route}:gzip` }));
  const text = at(120, checkReportOf(spoiled, { routes: ids.map((id) => ({ ...(routes[0] ?? never()), id })) }));
  expect(text.match(/^✗ /gm)).toHaveLength(1);
  expect(text).toContain("buffered · a, b, c, d and 3 more · gzip · Accept-Encoding: gzip");
  expect(text).toContain("a, b, c, d and 3 more: cuts a silent stream after 60.0 s (measured at ×30)");
  expect(lastOf(text)).toBe("7 errors, 1 note on 7 routes (14.21 s)".replace("1 note", "0 notes"));
});

test("what was played a second time is counted", () => {
  const [route = never()] = routes;
  const checks = route.checks.map((one, index) => (index === 0 ? { ...one, scenario: { ...one.scenario, playings: 2 as const } } : one));
  const text = at(160, checkReportOf([], { routes: [{ ...route, checks }] }));
  expect(text).toContain(`\ntwice     1 of ${checks.length} trials: the machine left them undecided at first`);
  expect(at(160, checkReportOf([]))).not.toContain("\ntwice");
});

const never = (): never => {
  throw new Error("There is no such route");
};

test("one change for two faults is shown once, and counted once", () => {
  const text = at(100, typical);
  expect(text.match(/^ {4}\+ +proxy_http_version 1\.1;$/gm)).toHaveLength(1);
  expect(text).toContain("cure: speak HTTP/1.1 to the upstream (the change is shown above)");
  expect(text).toMatch(/\nnext +the same command with --write applies the 2 cures\n/);
});

test("what could not be proven, and what only the application can do, is said", () => {
  const text = at(100, full);
  expect(text).toContain("no line could be proven guilty: none of 9 candidates flipped it when it was taken away");
  expect(text).toContain("no cure could be proven");
  expect(text).toMatch(/cure, in the application: .*\n\n {4}Cache-Control: no-store\n/);
  expect(text).toContain("together with deploy/nginx.conf:5: gzip_types text/event-stream");
});

test.for([
  [{ kind: "idle-limit", ms: 60_004, tells: "visible", timeScale: 1 }, "cuts a silent stream after 60.0 s"],
  [{ kind: "idle-limit", ms: 1001, tells: "silent", timeScale: 1 }, "cuts a silent stream after 1.0 s, which looks whole to the client"],
  [
    { kind: "first-byte-limit", ms: 60_000, tells: "error-response", timeScale: 30 },
    "waits 60.0 s for the first byte of a response, then answers with an error of its own (measured at ×30)",
  ],
  [{ kind: "total-limit", ms: 300_000, tells: "visible", timeScale: 1 }, "cuts every stream after 300.0 s, silent or not"],
  [
    { kind: "limit-unclassified", ms: 5000, tells: "no-response", timeScale: 1 },
    "cuts a stream after 5.0 s (by its silence or its age: not told apart), then closes without a response",
  ],
] as const)("a limit is a number: %s", ([limit, sentence]) => {
  const [route = never()] = routes;
  expect(at(200, checkReportOf([], { routes: [{ ...route, limits: [limit] }] }))).toContain(`\napp.example/events: ${sentence}\n`);
});

test.for<[title: string, ms: number[], timeScale: number, sentences: string[]]>([
  ["nearly the same", [60_400, 59_800, 60_300], 30, ["a, b, c: cuts a silent stream after 59.8–60.4 s (measured at ×30)"]],
  ["the same to the last figure", [60_010, 60_040], 1, ["a, b: cuts a silent stream after 60.0 s"]],
  ["more than 2 % apart", [60_000, 61_300], 1, ["a: cuts a silent stream after 60.0 s", "b: cuts a silent stream after 61.3 s"]],
  ["short, and as near as a fast clock tells", [10_300, 10_010], 30, ["a, b: cuts a silent stream after 10.0–10.3 s (measured at ×30)"]],
])("a limit on several routes is said once where it is one: %s", ([, all, timeScale, sentences]) => {
  const [route = never()] = routes;
  const limited = all.map((ms, index) => ({
    ...route,
    id: "abc"[index] ?? "",
    limits: [{ kind: "idle-limit" as const, ms, tells: "visible", timeScale }],
    noLimits: [{ kind: "total-limit" as const, atLeastMs: 97_200 - 100 * index, timeScale }],
  }));
  const told = at(200, checkReportOf([], { routes: limited }))
    .split("\n")
    .filter((line) => /^[abc, ]+: /.test(line));
  expect(told.filter((line) => line.includes("cuts"))).toEqual(sentences);
  // The least holds for all.
  const none = told.filter((line) => line.includes("no limit"));
  expect(none).toEqual([expect.stringContaining(` found within ${(97.3 - 0.1 * all.length).toFixed(1)} s`)]);
});

test("where nothing is wrong there is little to read", () => {
  const text = at(80, healthy);
  expect(text).not.toMatch(/^[✗?•] /m);
  expect(text).not.toContain("next ");
  expect(lastOf(text)).toBe("0 errors, 0 notes on 1 route (14.21 s)");
});

test("errors stand nearest the end, the counts last, an interruption before them", () => {
  const lines = at(100, { ...full, interrupted: true })
    .trimEnd()
    .split("\n");
  expect(lines.flatMap((line) => /^[✗•] /.exec(line)?.[0] ?? [])).toEqual(["• ", "✗ ", "✗ ", "✗ ", "✗ ", "✗ "]);
  expect(lines.slice(-2)).toEqual([
    "interrupted: what was not done is missing here",
    "5 errors, 1 note on 2 routes, 1 check not judged (14.21 s)",
  ]);
});

test("what the wire or a file said cannot steer the terminal", () => {
  const text = at(80, hostileWith(evil));
  expect(text.replaceAll("\n", "")).not.toMatch(/[\p{Cc}\p{Cf}\p{Cs}]/u);
  expect(text).not.toMatch(/^\s*::|##\[/m);
});

// Breaking it into lines took minutes.
test("a word of a hundred thousand characters is told by its beginning", () => {
  expect(at(80, hostileWith("x".repeat(100_000))).split("\n").length).toBeLessThan(400);
});
