import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { heldIn, spansOf, thinned } from "../../../harness/report/held.ts";
import { savedTrace } from "../../_saved-trace.ts";

const area = (spans: ReturnType<typeof spansOf>): number =>
  spans.reduce((sum, { fromMs, toMs, heldBytes }) => sum + heldBytes * (toMs - fromMs), 0);

describe("the area between what came in and what went out", () => {
  it("of 100 bytes that wait for a second, and 50 more for the last half of it, is 125 byte-seconds", () => {
    const spans = spansOf(
      [
        [0, 100],
        [500, 150],
      ],
      [[1000, 150]],
      2000,
    );
    expect(area(spans) / 1000).toBe(125);
    expect(spans.map(({ heldBytes }) => heldBytes)).toEqual([100, 150, 0]);
  });

  it("is nothing after the output has ended: the rest was lost, not held", () => {
    expect(area(spansOf([[0, 100]], [], 300)) / 1000).toBe(30);
  });

  it("is never less than nothing, even where more goes out than came in", () => {
    expect(area(spansOf([[0, 10]], [[0, 30]], 1000))).toBe(0);
  });

  it("is the same in whatever order equal times come, and as long as it is held", () => {
    fc.assert(
      fc.property(
        fc.array(fc.integer({ min: 1, max: 50 }), { minLength: 1, maxLength: 20 }),
        fc.integer({ min: 0, max: 1000 }),
        (gaps, lag) => {
          let at = 0;
          const input = gaps.map((gap, index): [number, number] => [(at += gap), 10 * (index + 1)]);
          const output = input.map(([time, bytes]): [number, number] => [time + lag, bytes]);
          // Each 10 bytes are held for `lag`.
          expect(area(spansOf(input, output, at + lag + 1))).toBe(10 * gaps.length * lag);
        },
      ),
    );
  });
});

describe("of a saved trace", () => {
  const heldBy = (name: string) => {
    const trace = savedTrace(`${name}-2-of-4.json`);
    return trace.cases.map((trialCase) => heldIn(trace.links, trialCase).find(({ hop }) => hop === name));
  };

  it("a hop that holds everything held what it got until the end", () => {
    const [held] = heldBy("hold-all");
    expect(held?.byteSeconds).toBeGreaterThan(100);
  });

  it("a hop that answers in the origin's place held nothing that can be counted", () => {
    expect(heldBy("answer-504").filter((one) => one !== undefined)).toEqual([]);
  });
});

describe("thinned", () => {
  const steps = fc
    .array(fc.tuple(fc.integer({ min: 1, max: 9 }), fc.integer({ min: 1, max: 99 })), { minLength: 1, maxLength: 400 })
    .map((gaps) => {
      let [at, bytes] = [0, 0];
      return gaps.map(([gap, more]): [number, number] => [(at += gap), (bytes += more)]);
    });

  it("has few steps, all of them of the whole, the last one too", () => {
    fc.assert(
      fc.property(steps, (all) => {
        const few = thinned(all, 20);
        expect(few.length).toBeLessThanOrEqual(20);
        expect(all).toEqual(expect.arrayContaining(few));
        expect(few.at(-1)).toEqual(all.at(-1));
      }),
    );
  });

  it("leaves a short one alone", () => {
    expect(
      thinned(
        [
          [1, 1],
          [2, 2],
        ],
        20,
      ),
    ).toEqual([
      [1, 1],
      [2, 2],
    ]);
  });
});
