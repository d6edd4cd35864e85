// How long to wait for timeouts, and what a route reports of them.
import { describe, expect, it } from "vitest";
import { checksOf, inRealTime, mustOf, shortened, waitOf } from "../../../harness/check/checks.ts";
import type { Check } from "../../../harness/check/checks.ts";
import { limitsOf } from "../../../harness/check/limits.ts";
import { judge } from "../../../harness/model/judge/judge.ts";
import { noLimitSentence } from "../../../harness/report/check-limits.ts";
import { refuseUnlessFaster, runsFaster } from "../../../harness/runtime/time/rate.ts";
import { straight, traceOf } from "../model/judge/traces.ts";

const waiting = (checks: readonly Check[]): Check[] => checks.filter(({ timeScale }) => timeScale !== undefined);
const seconds = (check: Check): number => (waitOf(check) ?? Number.NaN) / 1000;

describe("how long limits are waited for", () => {
  it.each<[purpose: "sse" | "llm", must: number | null, maxWait: number | null, faster: number, scale: number, real: number]>([
    ["sse", null, null, 130, 60, 75],
    ["llm", null, null, 130, 60, 75],
    ["sse", 300, null, 360, 60, 360],
    ["sse", 70, null, 130, 60, 84],
    ["sse", null, 240, 240, 60, 240],
    ["sse", null, 25, 25, 25, 25],
    ["sse", null, 1, 1, 1, 1],
  ])("--for %s, %s s to survive, --max-wait %s", (purpose, must, maxWait, faster, scale, real) => {
    const checks = waiting(
      checksOf(purpose, { ...mustOf(purpose), ...(must === null ? {} : { surviveSilenceMs: 1000 * must }) }, maxWait && 1000 * maxWait),
    );
    expect(checks.map(({ id, trial, timeScale }) => [id, trial.kind, timeScale])).toEqual([
      ["silence", "silence", scale],
      ["first-byte", "first-byte-wait", scale],
    ]);
    expect(checks.map(seconds)).toEqual([faster, faster]);
    expect(checks.map(inRealTime).map(seconds)).toEqual([real, real]);
    expect(checks.map(inRealTime).map(({ timeScale }) => timeScale)).toEqual([1, 1]);
  });

  it("an experiment in real time waits no longer than it takes to tell, a faster one as long as ever", () => {
    const checks = waiting(checksOf("sse"));
    expect(checks.map((check) => seconds(shortened(check, 5000)))).toEqual([130, 130]);
    expect(checks.map((check) => seconds(shortened(inRealTime(check), 5000)))).toEqual([24, 24]);
    expect(checks.map((check) => seconds(shortened(inRealTime(check), 30_000)))).toEqual([60, 60]);
    expect(checks.map((check) => seconds(shortened(inRealTime(check), Infinity)))).toEqual([75, 75]);
  });
});

describe("what a route reports of its timeouts", () => {
  const [silence] = waiting(checksOf("sse")) as [Check];
  const observed = (timeScale: number) => {
    const trace = { ...traceOf({ kind: "silence", silentMs: 6000, flowMs: 6900 }, { bad: straight }, { confirmed: false }), timeScale };
    return { check: silence, result: { report: judge(trace), trace } } as unknown as Parameters<typeof limitsOf>[0][number];
  };

  it("says by which clock nothing was found, and for how long", () => {
    const { limits, noLimits } = limitsOf([observed(30)]);
    expect(limits).toEqual([]);
    expect(noLimits).toEqual([
      { kind: "idle-timeout", atLeastMs: 180_000, timeScale: 30 },
      { kind: "total-timeout", atLeastMs: expect.closeTo(207_000, -4), timeScale: 30 },
    ]);
    expect(noLimitSentence({ noLimits: noLimits.slice(0, 1) })).toEqual([
      "no idle timeout found within 180.0 s (measured with a clock 30× faster)",
    ]);
    expect(noLimitSentence({ noLimits: limitsOf([observed(1)]).noLimits.slice(0, 1) })).toEqual(["no idle timeout found within 6.0 s"]);
  });

  it("reports a timeout that two trials found once, and nothing of what was not whole", () => {
    const limit = { kind: "total-timeout", ms: 40_000, uncertaintyMs: 300, culprit: "bad", seenAs: "visible" };
    const one = observed(30);
    const { report } = one.result;
    const cut = { ...report, limits: [limit], facets: report.facets.filter(({ case: trialCase }) => trialCase !== "flow") };
    const both = [
      { ...one, result: { ...one.result, report: cut } },
      { ...one, result: { ...one.result, report: { ...cut, limits: [{ ...limit, ms: 40_900 }] } } },
    ] as unknown as Parameters<typeof limitsOf>[0];
    const reported = limitsOf(both);
    expect(reported.limits).toEqual([{ kind: "total-timeout", ms: 40_000, uncertaintyMs: 300, seenAs: "visible", timeScale: 30 }]);
    expect(reported.noLimits.every(({ kind }) => kind === "idle-timeout")).toBe(true);
  });

  it("reports of two measurements of one timeout the more exact, however far the other is off", () => {
    const one = observed(50);
    const measured = (ms: number, uncertaintyMs: number) => ({
      ...one,
      result: {
        ...one.result,
        report: { ...one.result.report, limits: [{ kind: "first-byte-timeout", ms, uncertaintyMs, culprit: "bad", seenAs: "visible" }] },
      },
    });
    const limits = (...all: ReturnType<typeof measured>[]) => limitsOf(all as unknown as Parameters<typeof limitsOf>[0]).limits;
    expect(limits(measured(47_700, 13_000), measured(60_100, 500))).toMatchObject([{ ms: 60_100, uncertaintyMs: 500 }]);
    expect(limits(measured(47_700, 500), measured(60_100, 500))).toHaveLength(2);
  });

  it("keeps the timeouts of two hops apart", () => {
    const one = observed(50);
    const of = (hop: string, ms: number) => ({
      ...one,
      result: {
        trace: { ...one.result.trace, links: ["origin", "edge", "inner"] },
        report: { ...one.result.report, limits: [{ kind: "idle-timeout", ms, uncertaintyMs: 20_000, culprit: hop, seenAs: "visible" }] },
      },
    });
    const limits = limitsOf([of("edge", 60_000), of("inner", 75_000)] as unknown as Parameters<typeof limitsOf>[0]).limits;
    expect(limits.map(({ hop, ms }) => [hop, ms])).toEqual([
      ["edge", 60_000],
      ["inner", 75_000],
    ]);
  });
});

describe("whether a clock runs faster, by dates of whole seconds", () => {
  it.each<[passedMs: number, saidMs: number, timeScale: number, faster: boolean]>([
    [270, 8000, 30, true],
    [270, 9000, 30, true],
    [400, 12_000, 30, true],
    [270, 0, 30, false],
    [270, 1000, 30, false],
    [270, 4000, 30, false],
    [270, 16_000, 30, false],
    [4001, 8000, 2, true],
    [4001, 4000, 2, false],
    [4001, 5000, 2, false],
  ])("%d ms, in which the dates tell of %d ms, at ×%d: %s", (passedMs, saidMs, timeScale, faster) => {
    expect(runsFaster({ leastMs: passedMs, mostMs: passedMs, saidMs }, timeScale)).toBe(faster);
  });

  it("is never taken for granted", () => {
    // A response may take its time: its date is from somewhere between the request and the response.
    expect(runsFaster({ leastMs: 268, mostMs: 380, saidMs: 11_000 }, 30)).toBe(true);
    expect(runsFaster({ leastMs: 268, mostMs: 380, saidMs: 1000 }, 30)).toBe(false);
    expect(() => refuseUnlessFaster("The server", null, 30)).toThrow(/^The server .* 30× faster, .*: no response of its own has a date\.$/);
    expect(() => refuseUnlessFaster("The server", { leastMs: 268.4, mostMs: 270.4, saidMs: 0 }, 30)).toThrow(
      / 270 ms passed, and by their dates 0 ms\.$/,
    );
    expect(() => refuseUnlessFaster("The server", { leastMs: 268, mostMs: 270, saidMs: 8000 }, 30)).not.toThrow();
  });
});
