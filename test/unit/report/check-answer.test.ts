// The first line of the summary.
import { expect, test } from "vitest";
import { answerOf } from "../../../harness/report/check-answer.ts";
import type { CheckReport, CheckRoute, Finding } from "../../../harness/report/check-report.ts";
import { checkReportOf, findings, healthy, routes } from "./check-fixtures.ts";

const [events, exporting] = routes as [CheckRoute, CheckRoute];
const passing = ({ id, url, at, title }: CheckRoute, more: Partial<CheckRoute> = {}): CheckRoute => ({
  id,
  url,
  at,
  title,
  upstreams: [],
  checks: [],
  limits: [],
  ...more,
});
const answer = (all: Finding[], more: Partial<CheckReport>): string => answerOf(checkReportOf(all, more));
const other: Finding = { ...findings.gzip, route: exporting.id };
const inferred: NonNullable<CheckRoute["intent"]> = { kind: "inferred", signs: [], path: true };

test("what streams, and what the others would be", () => {
  const both = [passing(events, { intent: inferred }), passing(exporting, { intent: { kind: "unknown" } })];
  const lowered: Finding = { ...other, level: "warning", loweredFrom: "error" };
  expect(answer([lowered], { routes: both })).toBe(
    "/events streams; /export would be buffered; 1 finding on a route that may not be meant to stream: name it (--path, or hopwise.yaml)",
  );
  expect(answer([other], { routes: [passing(events), passing(exporting, { intent: { kind: "explicit" } })] })).toBe(
    "/events streams; /export is buffered",
  );
});

test("a signature that is not shown stays as it is written elsewhere", () => {
  const signed = { ...events, url: "http://app.example:8080/links/…/events?md5=…&k=v" };
  expect(answer([], { routes: [passing(signed)] })).toMatch(/^\/links\/…\/events\?md5=…&k=v streams;/);
});

test("the worst counts, and a note is no fault", () => {
  const held: Finding = { ...findings.gzip, rule: "held", level: "warning" };
  expect(answer([held, findings.gzip], { routes: [passing(events)] })).toBe("/events is buffered");
  expect(answer([{ ...held, level: "note" }], { routes: [passing(events)] })).toMatch(
    /^\/events streams; nothing in this configuration holds/,
  );
});

test("what was excluded, and until when", () => {
  const limits = [{ kind: "idle-timeout" as const, ms: 59_800, uncertaintyMs: 10, seenAs: "visible", timeScale: 30 }];
  expect(answer([], { routes: [passing(events, { limits })] })).toBe(
    "/events streams; nothing in this configuration holds, cuts before 60 s, caches or alters this stream",
  );
  const roundly = (ms: number, uncertaintyMs: number): string =>
    answer([], { routes: [passing(events, { limits: limits.map((one) => ({ ...one, ms, uncertaintyMs })) })] });
  expect([roundly(59_400, 1500), roundly(59_400, 10), roundly(58_000, 4000), roundly(56_900, 4000), roundly(47_700, 12_900)]).toEqual([
    expect.stringContaining("cuts before 60 s,"),
    expect.stringContaining("cuts before 59 s,"),
    expect.stringContaining("cuts before 60 s,"),
    expect.stringContaining("cuts before 55 s,"),
    expect.stringContaining("cuts before 48 s,"),
  ]);
  expect(answer([], { routes: [passing(events), passing(exporting)] })).toBe(
    "/events, /export stream; nothing in this configuration holds, cuts, caches or alters these streams",
  );
});

test("a failed trial without a finding is not called a stream", () => {
  const report = checkReportOf([]);
  const failing = report.routes.filter(({ checks }) => checks.some(({ scenario }) => scenario.outcome === "fail"));
  expect(failing.length).toBeGreaterThan(0);
  for (const { id } of failing)
    expect(answerOf({ ...report, routes: failing.filter((one) => one.id === id) })).toContain("fails a trial that no finding explains");
  expect(answerOf(healthy)).not.toContain("fail");
});
