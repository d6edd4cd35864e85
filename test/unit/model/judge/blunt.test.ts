// A machine on which ε is as long as what is looked for: what it cannot tell, it does not pass.
import { describe, expect, it } from "vitest";
import type { Trial } from "../../../../harness/define.ts";
import { judge } from "../../../../harness/model/judge/judge.ts";
import type { CaseTrace, Trace } from "../../../../harness/model/trace.ts";
import { after, cork, holdHeaders, straight, traceOf } from "./traces.ts";
import type { Hop } from "./traces.ts";

/** A hop whose processes waited for a processor, at unknown moments: ε is 300 ms. */
const queueDelay = { bad: { at: [0, 60_000], waitedMs: [0, 285] } };

const delivered = (trial: Trial, hop: Hop, confirmed: boolean): string[] => {
  const { facets, inconclusive } = judge({ ...traceOf(trial, { bad: hop }, { confirmed, p99Ms: 5 }), queueDelay });
  return [...facets, ...inconclusive].flatMap((one) =>
    one.facet === "delivery" ? ["observation" in one ? one.observation.member : `open: ${one.why}`] : [],
  );
};

describe("with ε of 300 ms", () => {
  it.each<[what: string, trial: Trial, hop: Hop, confirmed: boolean, expected: RegExp]>([
    ["a straight pipe, each record confirmed", { kind: "lock-step" }, straight, true, /^incremental$/],
    [
      "a hop that holds each for 200 ms, confirmed",
      { kind: "lock-step" },
      cork(200),
      true,
      /^open: bad: half of its records were at least 193 ms late,/,
    ],
    [
      "a straight pipe",
      { kind: "paced", everyMs: 160 },
      straight,
      false,
      /^open: bad: its records arrived at most 272 ms apart, and the machine/,
    ],
    [
      "a hop that lags by one record",
      { kind: "paced", everyMs: 160 },
      after(1),
      false,
      /^open: bad: half of its records were at least 216 ms late,/,
    ],
    ["a straight pipe, with gaps that are wide enough", { kind: "paced", everyMs: 800 }, straight, false, /^incremental$/],
  ])("%s", (_, trial, hop, confirmed, expected) => {
    expect(delivered(trial, hop, confirmed)).toEqual([expect.stringMatching(expected)]);
  });
});

it("a header section that is alone only because the origin stood still tests no hop", () => {
  const trace = traceOf({ kind: "paced", everyMs: 160 }, { bad: holdHeaders }, { confirmed: false });
  const [trialCase] = trace.cases as [CaseTrace];
  const earlier = (from: Trace, ms: number): Trace => ({
    ...from,
    cases: [
      {
        ...trialCase,
        origin: trialCase.origin.map((one) => ({ ...one, headersAt: (one.headersAt ?? 0) - ms })),
        exchanges: trialCase.exchanges.map((one) =>
          one.link === 0 && one.response ? { ...one, response: { ...one.response, at: one.response.at - ms } } : one,
        ),
      },
    ],
  });
  expect(judge(earlier(trace, 44)).facets.filter(({ facet }) => facet === "headers")).toEqual([]);
});

it("a client that waits no longer than the control does not show a hang", () => {
  const trace = traceOf({ kind: "origin-abort", how: ["no-last-chunk"] }, { bad: straight }, { confirmed: false });
  const [trialCase] = trace.cases as [CaseTrace];
  const overAt = trialCase.endedAt + 2000;
  const hung: Trace = {
    ...trace,
    cases: [
      {
        ...trialCase,
        endedAt: overAt + 1,
        clients: [{ startedAt: -4, recordsAt: [], ended: { at: overAt, how: "gave-up" } }],
        exchanges: trialCase.exchanges.map((one) =>
          one.link === 0
            ? one
            : { ...one, end: { at: one.progress.at(-1)?.[0] ?? 0, kind: "open" as const, codingComplete: null }, closings: [] },
        ),
      },
    ],
  };
  const ended = (worstMs: number): string[] => {
    const { facets, inconclusive } = judge({ ...hung, control: { ...hung.control, maxMs: worstMs } });
    return [...facets, ...inconclusive].flatMap((one) =>
      one.facet === "ending" ? ["observation" in one ? one.observation.member : "open"] : [],
    );
  };
  expect(ended(600)).toEqual(["hung"]);
  expect(ended(1200)).toEqual(["open"]);
});
