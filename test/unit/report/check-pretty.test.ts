import { expect, test } from "vitest";
import { checkPretty } from "../../../harness/report/check-pretty.ts";
import { rowsOf, table } from "../../../harness/report/check-table.ts";
import type { CheckReport } from "../../../harness/report/check-report.ts";
import { paintOf } from "../../../harness/report/look.ts";
import { widthOf } from "../../../harness/report/text.ts";
import { checkReportOf, evil, findings, full, healthy, hostileWith, nginxConf, routes, typical } from "./check-fixtures.ts";

const at = (width: number, report: CheckReport): string => checkPretty(report, { width, color: false });
const lastOf = (text: string): string | undefined => text.trimEnd().split("\n").at(-1);

test("a check at 80 columns", () => {
  expect(at(80, full)).toMatchSnapshot();
});

/** The blocks of the card on one finding, each on one line. */
const cardOf = (text: string, start: string): string[] =>
  (text.split(/\n(?=[✗!•?] )/).find((card) => card.replaceAll(/\s+/g, " ").includes(start)) ?? never())
    .split("\n\n")
    .map((block) => block.replaceAll(/\s+/g, " ").trim());

test.for([60, 80, 120])("what carries meaning is there at %i columns: place, directive, route, condition, fix, proof", (width) => {
  const [head, line, ...rest] = cardOf(at(width, typical), "✗ deploy/nginx.conf:5: ");
  expect(head).toBe(
    "✗ deploy/nginx.conf:5: gzip_types text/event-stream holds the stream to its end when the client accepts gzip " +
      "buffered · app.example/events · gzip · Accept-Encoding: gzip",
  );
  expect(line).toBe("5 │ gzip_types text/plain text/event-stream;");
  expect(rest[0]).toContain("8 records of 100 B every 250 ms");
  expect(rest[0]).toMatch(/▶ nginx +└╌+ 1\.76 s ╌+┐/);
  expect(rest[1]).toBe("fix: take text/event-stream out of gzip_types");
  expect(rest[2]).toContain("--- a/deploy/nginx.conf +++ b/deploy/nginx.conf @@ -3,5 +3,5 @@");
  expect(rest[2]).toContain("- gzip_types text/plain text/event-stream; + gzip_types text/plain;");
  expect(rest[3]).toContain(
    `before ${findings.gzip.fix?.before} after ${findings.gzip.fix?.after} cost ${findings.gzip.fix?.costs[0]} buffered: `,
  );
  expect(rest[3]).toContain("(docs/verdicts/buffered.md) see: https://nginx.org/en/docs/http/ngx_http_gzip_module.html#gzip_types");
});

test.for(Object.values(findings))("the card of $id begins with the place, what its line does, its route and its trial", (finding) => {
  const { at: place, says, quote, rule, route, check } = finding;
  const [head, line] = cardOf(at(80, full), `${place.file}:${place.line}: ${says}`);
  expect(head).toContain(`${place.file}:${place.line}: ${says} ${rule} · ${route} · ${check}`);
  expect(line).toContain(`${place.line} │ ${quote.trim()}`);
});

test("a report says what ran, what was replaced, what is missing and what the machine does", () => {
  const [about = ""] = at(200, full).split("\n\n");
  expect(about.split("\n")).toEqual([
    "deploy/nginx.conf, for sse",
    "read         deploy/nginx.conf, deploy/conf.d/app.conf",
    `ran          nginx/1.26.3 in hopwise/nginx:trixie (${full.server.why})`,
    ...full.stubs.map(({ what, why }) => `stub         ${what} (${why})`),
    ...full.notChecked.map(({ what, why, at: place }) => `not checked  ${place?.file}:${place?.line}: ${what} (${why})`),
    "control      p50 0.21 ms · p99 0.87 ms · worst 3.4 ms through a straight pipe",
  ]);
});

test("colors change nothing but the color: errors are red, notes are not", () => {
  const colored = checkPretty(typical, { width: 80, color: true });
  // oxlint-disable-next-line no-control-regex
  expect(colored.replaceAll(/\u001B\[\d+m/g, "")).toBe(at(80, typical));
  const { red, green, cyan, bold } = paintOf({ color: true });
  expect(colored).toContain(red(bold("✗")));
  expect(colored).toContain(cyan(bold("•")));
  expect(colored).toContain(red("-    gzip_types text/plain text/event-stream;"));
  expect(colored).toContain(green("+    gzip_types text/plain;"));
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
    table(report, { width, color: false }, paintOf({ color: false }));
  expect(lines(120)[0]).toMatch(/^route +delivery +headers +ending +source +integrity +disconnect +reload +upload$/);
  expect(lines(80)).toEqual([
    "route               delivery    ending                reload",
    "app.example/events  ✗ buffered  ✓                     ✓",
    "app.example/export  ✗ buffered  ✗ truncated-silently  ?",
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
  const [, row] = table(checkReportOf([]), { width: 120, color: false }, paintOf({ color: false }));
  expect(row).toMatch(/^app\.example\/events +✗ buffered/);
});

test("what fails without a finding is shown and counted, unless its route has one", () => {
  const text = at(120, checkReportOf([findings.gzip]));
  expect(text).toContain("\n✗ app.example/export events: must deliver: incrementally, but nginx sent nothing");
  expect(text).not.toContain("✗ app.example/events gzip: must");
  expect(lastOf(text)).toBe("1 error, 0 notes on 2 routes, 2 trials failed without a finding, 1 trial not judged (14.21 s)");
});

test("a facet is judged by the trials that ask for it alone", () => {
  const [route = never()] = routes;
  const [first = never()] = route.checks;
  const stateOf = (checks: { check: string; scenario: Partial<typeof first.scenario> }[]): unknown => {
    const observed = checks.map(({ check, scenario }) => ({ check, scenario: { ...first.scenario, ...scenario } }));
    return rowsOf(checkReportOf([], { routes: [{ ...route, checks: observed }] })).rows[0]?.cells.get("delivery");
  };
  const [{ facets: buffered } = never()] = route.checks.flatMap(({ check, scenario }) => (check === "gzip" ? [scenario] : []));
  const unjudged: Partial<typeof first.scenario> = { outcome: "inconclusive", facets: [] };
  const open = { facet: "delivery", case: "paced", why: "propagated-late" } as const;
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
      { check: "headers", scenario: { facets: buffered, inconclusive: [open], expected: headers } },
    ]),
  ).toEqual({ state: "good", words: [] });
  expect(stateOf([{ check: "events", scenario: { outcome: "fail", facets: buffered } }])).toEqual({ state: "bad", words: ["buffered"] });
});

test("a warning is marked as one, unless a trial of the same facet failed without a finding", () => {
  const [route = never()] = routes;
  const warned = { ...findings.gzip, level: "warning" as const };
  const stateOf = (checks: (typeof route)["checks"]) =>
    rowsOf(checkReportOf([warned], { routes: [{ ...route, checks }] })).rows[0]?.cells.get("delivery");
  const gzip = route.checks.find(({ check }) => check === "gzip") ?? never();
  expect(stateOf([gzip])).toEqual({ state: "risky", words: ["buffered"] });
  expect(stateOf([gzip, { ...gzip, check: "sizes" }])).toEqual({ state: "bad", words: ["buffered"] });
  const [, row] = table(
    checkReportOf([warned], { routes: [{ ...route, checks: [gzip] }] }),
    { width: 120, color: false },
    paintOf({ color: false }),
  );
  expect(row).toContain("! buffered");
});

test("a facet that two findings spoil names both", () => {
  const hung = { ...findings.silent, rule: "hung", id: "hung:x" } as const;
  const [, , row] = table(checkReportOf([findings.silent, hung]), { width: 140, color: false }, paintOf({ color: false }));
  expect(row).toContain("✗ truncated-silently +1");
});

test("one line that harms many routes is shown once", () => {
  const ids = ["a", "b", "c", "d", "e", "f", "g"];
  const spoiled = ids.map((route) => ({ ...findings.gzip, route, id: `buffered:${route}:gzip` }));
  const text = at(120, checkReportOf(spoiled, { routes: ids.map((id) => ({ ...(routes[0] ?? never()), id })) }));
  expect(text.match(/^✗ /gm)).toHaveLength(1);
  expect(text).toContain("buffered · a, b, c, d and 3 more · gzip · Accept-Encoding: gzip");
  expect(text).toContain("a, b, c, d and 3 more: cuts a silent stream after 60.0 s (measured with a clock 30× faster)");
  expect(lastOf(text)).toBe("7 errors, 1 note on 7 routes (14.21 s)".replace("1 note", "0 notes"));
});

test("second attempts are counted", () => {
  const [route = never()] = routes;
  const checks = route.checks.map((one, index) => (index === 0 ? { ...one, scenario: { ...one.scenario, attempts: 2 as const } } : one));
  const text = at(160, checkReportOf([], { routes: [{ ...route, checks }] }));
  expect(text).toContain(
    `\nattempts     1 of ${checks.length} trials were inconclusive at first (machine busy); the second attempt counts`,
  );
  expect(at(160, checkReportOf([]))).not.toContain("\nattempts");
});

const never = (): never => {
  throw new Error("There is no such route");
};

test("one change for two faults is shown once, and counted once", () => {
  const text = at(100, typical);
  expect(text.match(/^ {4}\+ +proxy_http_version 1\.1;$/gm)).toHaveLength(1);
  expect(text).toContain("fix: speak HTTP/1.1 to the upstream (the change is shown above)");
  expect(text).toMatch(/\nnext +the same command with --write applies the 2 fixes\n/);
});

test("what could not be proven, and what only the application can do, is said", () => {
  const text = at(100, full);
  expect(text).toContain("could not isolate a directive: none of 9 candidates flipped it when it was taken away");
  expect(text).toContain("no fix was proven");
  expect(text).toMatch(/fix, in the application: .*\n\n {4}Cache-Control: no-store\n/);
  expect(text).toContain("together with deploy/nginx.conf:5: gzip_types text/event-stream");
});

test.for([
  [{ kind: "idle-timeout", ms: 60_004, uncertaintyMs: 10, seenAs: "visible", timeScale: 1 }, "cuts a silent stream after 60.0 s"],
  [
    { kind: "idle-timeout", ms: 1001, uncertaintyMs: 10, seenAs: "silent", timeScale: 1 },
    "cuts a silent stream after 1.0 s, which looks complete to the client",
  ],
  [
    { kind: "first-byte-timeout", ms: 60_000, uncertaintyMs: 10, seenAs: "error-response", timeScale: 30 },
    "waits 60.0 s for the first byte of a response, then answers with its own error (measured with a clock 30× faster)",
  ],
  [
    { kind: "first-byte-timeout", ms: 47_700, uncertaintyMs: 12_900, seenAs: "error-response", timeScale: 50 },
    "waits 47.7 s ± 12.9 s for the first byte of a response, then answers with its own error (measured with a clock 50× faster)",
  ],
  [
    { kind: "total-timeout", ms: 300_000, uncertaintyMs: 10, seenAs: "visible", timeScale: 1 },
    "cuts every stream after 300.0 s, silent or not",
  ],
  [
    { kind: "unclassified", ms: 5000, uncertaintyMs: 10, seenAs: "no-response", timeScale: 1 },
    "cuts a stream after 5.0 s (idle or total timeout: not distinguished), then closes without a response",
  ],
] as const)("a limit is a number: %s", ([limit, sentence]) => {
  const [route = never()] = routes;
  expect(at(200, checkReportOf([], { routes: [{ ...route, limits: [limit] }] }))).toContain(`\napp.example/events: ${sentence}\n`);
});

test.for<[title: string, ms: number[], timeScale: number, sentences: string[]]>([
  ["nearly the same", [60_400, 59_800, 60_300], 30, ["a, b, c: cuts a silent stream after 59.8–60.4 s (measured with a clock 30× faster)"]],
  ["the same to the last figure", [60_010, 60_040], 1, ["a, b: cuts a silent stream after 60.0 s"]],
  ["more than 2 % apart", [60_000, 61_300], 1, ["a: cuts a silent stream after 60.0 s", "b: cuts a silent stream after 61.3 s"]],
  [
    "short, and as close as a fast clock can distinguish",
    [10_300, 10_010],
    30,
    ["a, b: cuts a silent stream after 10.0–10.3 s (measured with a clock 30× faster)"],
  ],
])("a limit on several routes is said once where it is one: %s", ([, all, timeScale, sentences]) => {
  const [route = never()] = routes;
  const limited = all.map((ms, index) => ({
    ...route,
    id: "abc"[index] ?? "",
    limits: [{ kind: "idle-timeout" as const, ms, uncertaintyMs: 10, seenAs: "visible", timeScale }],
    noLimits: [{ kind: "total-timeout" as const, atLeastMs: 97_200 - 100 * index, timeScale }],
  }));
  const lines = at(200, checkReportOf([], { routes: limited }))
    .split("\n")
    .filter((line) => /^[abc, ]+: /.test(line));
  expect(lines.filter((line) => line.includes("cuts"))).toEqual(sentences);
  // The least holds for all.
  const none = lines.filter((line) => line.includes("no total timeout"));
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
  expect(lines.flatMap((line) => /^[✗!•] /.exec(line)?.[0] ?? [])).toEqual(["• ", "! ", "✗ ", "✗ ", "✗ ", "✗ ", "✗ "]);
  expect(lines.slice(-2)).toEqual([
    "interrupted: the remaining checks are missing",
    "5 errors, 1 warning, 1 note on 2 routes, 1 trial not judged (14.21 s)",
  ]);
});

test("trials that were repeated alone are counted", () => {
  const [route] = healthy.routes;
  const checks = route?.checks.map((one, index) => (index === 0 ? { ...one, alone: true as const } : one)) ?? [];
  const crowded = { ...healthy, routes: route ? [{ ...route, checks }] : [] };
  expect(at(200, crowded)).toContain(`1 of ${checks.length} trials were refused or delayed while others ran; the attempt alone counts`);
  expect(at(200, healthy)).not.toContain("alone");
});

test("what the wire or a file said cannot steer the terminal", () => {
  const text = at(80, hostileWith(evil));
  expect(text.replaceAll("\n", "")).not.toMatch(/[\p{Cc}\p{Cf}\p{Cs}]/u);
  expect(text).not.toMatch(/^\s*::|##\[/m);
});

// Breaking it into lines took minutes.
test("a word of a hundred thousand characters is shortened to its beginning", () => {
  expect(at(80, hostileWith("x".repeat(100_000))).split("\n").length).toBeLessThan(400);
});
