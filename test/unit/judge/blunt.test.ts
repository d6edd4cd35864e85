// A machine on which ε is as long as what is looked for: what it cannot tell, it does not pass.
import { describe, expect, it } from "vitest";
import type { Trial } from "../../../harness/define.ts";
import { judge } from "../../../harness/model/judge/judge.ts";
import type { ArmTrace, Trace } from "../../../harness/model/trace.ts";
import { behind, cork, holdHeaders, straight, traceOf } from "./traces.ts";
import type { Hop } from "./traces.ts";

/** A hop whose processes waited for a processor as long as that, nobody knows when: ε is 300 ms. */
const queueDelay = { bad: { at: [0, 60_000], waitedMs: [0, 285] } };

const delivered = (trial: Trial, hop: Hop, confirmed: boolean): string[] => {
  const { facets, undecided } = judge({ ...traceOf(trial, { bad: hop }, { confirmed, p99Ms: 5 }), queueDelay });
  return [...facets, ...undecided].flatMap((one) =>
    one.facet === "delivery" ? ["finding" in one ? one.finding.member : `open: ${one.why}`] : [],
  );
};

describe("with ε of 300 ms", () => {
  it.each<[what: string, trial: Trial, hop: Hop, confirmed: boolean, told: RegExp]>([
    ["a straight pipe, each record confirmed", { kind: "lock-step" }, straight, true, /^incremental$/],
    [
      "a hop that holds each for 200 ms, confirmed",
      { kind: "lock-step" },
      cork(200),
      true,
      /^open: bad: half of its records were 193 ms late or more,/,
    ],
    [
      "a straight pipe",
      { kind: "paced", everyMs: 160 },
      straight,
      false,
      /^open: bad: its records came every 272 ms at most, and the machine/,
    ],
    [
      "a hop that is one behind",
      { kind: "paced", everyMs: 160 },
      behind(1),
      false,
      /^open: bad: half of its records were 216 ms late or more,/,
    ],
    ["a straight pipe, with gaps that are wide enough", { kind: "paced", everyMs: 800 }, straight, false, /^incremental$/],
  ])("%s", (_, trial, hop, confirmed, told) => {
    expect(delivered(trial, hop, confirmed)).toEqual([expect.stringMatching(told)]);
  });
});

it("a header section that was alone for once, because the origin stood still, tests nobody", () => {
  const trace = traceOf({ kind: "paced", everyMs: 160 }, { bad: holdHeaders }, { confirmed: false });
  const [arm] = trace.arms as [ArmTrace];
  const earlier = (from: Trace, ms: number): Trace => ({
    ...from,
    arms: [
      {
        ...arm,
        origin: arm.origin.map((one) => ({ ...one, headersAt: (one.headersAt ?? 0) - ms })),
        exchanges: arm.exchanges.map((one) =>
          one.link === 0 && one.response ? { ...one, response: { ...one.response, at: one.response.at - ms } } : one,
        ),
      },
    ],
  });
  expect(judge(earlier(trace, 44)).facets.filter(({ facet }) => facet === "headers")).toEqual([]);
});

it("a client that waits no longer than the control itself had to accuses nobody of a hang", () => {
  const trace = traceOf({ kind: "origin-abort", how: ["no-last-chunk"] }, { bad: straight }, { confirmed: false });
  const [arm] = trace.arms as [ArmTrace];
  const overAt = arm.endedAt + 2000;
  const hung: Trace = {
    ...trace,
    arms: [
      {
        ...arm,
        endedAt: overAt + 1,
        clients: [{ startedAt: -4, recordsAt: [], ended: { at: overAt, how: "gave-up" } }],
        exchanges: arm.exchanges.map((one) =>
          one.link === 0
            ? one
            : { ...one, end: { at: one.progress.at(-1)?.[0] ?? 0, kind: "open" as const, codingComplete: null }, closings: [] },
        ),
      },
    ],
  };
  const ended = (worstMs: number): string[] => {
    const { facets, undecided } = judge({ ...hung, control: { ...hung.control, maxMs: worstMs } });
    return [...facets, ...undecided].flatMap((one) => (one.facet === "ending" ? ["finding" in one ? one.finding.member : "open"] : []));
  };
  expect(ended(600)).toEqual(["hung"]);
  expect(ended(1200)).toEqual(["open"]);
});
