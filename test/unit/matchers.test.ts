import { expect, test } from "vitest";
import { suite } from "../../harness/vitest.ts";
import type { Facet } from "../../harness/model/verdict.ts";
import type { ScenarioReport } from "../../harness/report/report.ts";
import { died, scenarios } from "./report/fixtures.ts";

const { incremental, buffered, held, hung, timedOut, lost, cached, unsupported, inconclusive, faulty } = scenarios;

const facet = (name: Facet["facet"], observation: object, culprit: string | null): ScenarioReport => ({
  ...incremental,
  facets: [{ facet: name, case: "a", observation, culprit, evidence: "as seen", hops: [] } as unknown as Facet],
});

const prompt = facet("headers", { member: "prompt", lagMs: 1 }, null);
const atOnce = facet("disconnect", { member: "propagated", afterMs: 40 }, null);

test("what holds, holds", () => {
  expect(suite).toBeTypeOf("function");
  expect(incremental).toArriveIncrementally();
  expect(incremental).toEndVisibly();
  expect(incremental).toComeFromTheOrigin();
  expect(timedOut).toEndVisibly();
  expect(prompt).toPassHeadersPromptly();
  expect(atOnce).toNoticeDisconnectWithin(50);
});

test("what does not hold fails with what was seen, and with a line to see it again", () => {
  expect(() => expect(buffered).toArriveIncrementally()).toThrow(
    /must deliver: incrementally, but gzip sent nothing.*\nagain: npx hopwise/s,
  );
  expect(() => expect(hung).toEndVisibly()).toThrow(/must end: visibly, but http-proxy left the client waiting/);
  expect(() => expect(cached).toComeFromTheOrigin()).toThrow(/must source: origin, but/);
  expect(() => expect(held).toPassHeadersPromptly()).toThrow(/must headers: promptly, but/);
  expect(() => expect(lost).toNoticeDisconnectWithin(60_000)).toThrow(/must noticeDisconnectWithinMs: 60000, but/);
  expect(() => expect(atOnce).toNoticeDisconnectWithin(30)).toThrow(/as seen/);
});

test("not is the other way round", () => {
  expect(buffered).not.toArriveIncrementally();
  expect(atOnce).not.toNoticeDisconnectWithin(30);
  expect(() => expect(incremental).not.toArriveIncrementally()).toThrow(/must not hold, but does/);
});

test.for([undefined, Number.NaN, 0, "soon"])("%s is no number of milliseconds, with not and without", (ms) => {
  const sentence = /needs a number of milliseconds > 0, got/;
  expect(() => expect(atOnce).toNoticeDisconnectWithin(ms as number)).toThrow(sentence);
  expect(() => expect(atOnce).not.toNoticeDisconnectWithin(ms as number)).toThrow(sentence);
});

test.for<[what: string, report: unknown, sentence: RegExp]>([
  ["what cannot run here", unsupported, /could not be judged \(unsupported\)/],
  ["what failed by itself", faulty, /could not be judged \(harness-fault\)/],
  ["what died", died, /^origin-abort: Hop "hop" \(command\) ended by itself/],
  ["what was not clear", inconclusive, /could not be judged: /],
  ["what the trial does not test", atOnce, /is not tested by this trial/],
  ["what is no report", { ok: true }, /expected the report of a scenario/],
  ["nothing", undefined, /expected the report of a scenario/],
])("%s fails, with not and without", ([, report, sentence]) => {
  expect(() => expect(report).toArriveIncrementally()).toThrow(sentence);
  expect(() => expect(report).not.toArriveIncrementally()).toThrow(sentence);
});
