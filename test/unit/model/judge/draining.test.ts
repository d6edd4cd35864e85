// Hops that pass a response on in bursts: which of them drain, and which are hung.
import { expect, it } from "vitest";
import { judge } from "../../../../harness/model/judge/judge.ts";
import type { Trace } from "../../../../harness/model/trace.ts";
import { givenUpAt, straight, traceOf } from "./traces.ts";
import type { Hop } from "./traces.ts";

/** Parts of its input, every 500 ms after that was over; the rest never comes. */
const inParts =
  (...percent: number[]): Hop =>
  (input) => {
    const bytes = input.progress.at(-1)?.[1] ?? 0;
    const progress = percent.map((part, step): [number, number] => [input.end.at + 500 * (step + 1), Math.floor((bytes * part) / 100)]);
    return { ...straight(input), progress, end: { at: input.end.at + 60_000, kind: "cut-by-fin", codingComplete: null } };
  };

const givenUpAfterMs = (hop: Hop, parts: number): Trace => {
  const trace = traceOf({ kind: "paced" }, { bad: hop }, { confirmed: false });
  const over = (trace.cases[0]?.exchanges.find(({ link }) => link === 0)?.end.at ?? 0) + 500 * parts;
  return givenUpAt(trace, over + 2100, trace.cases[0]?.startedAt ?? 0);
};

it("a hop that drains by bursts is not hung while it may still pause for the last one", () => {
  const hung = (hop: Hop, parts: number): unknown[] =>
    judge(givenUpAfterMs(hop, parts)).facets.filter(({ observation }) => observation.member === "hung");
  expect(hung(inParts(5, 10, 15, 20, 60), 5)).toEqual([]);
  // At that rate the rest was due.
  expect(hung(inParts(20, 40, 60, 80, 82), 5)).toMatchObject([{ culprit: "bad" }]);
  // What leaves only when more arrives is a buffer, and not due to any rate.
  const byInput: Hop = (input) => {
    const [first = 0, last = 0] = [0.15, 1].map((part) => Math.floor(input.progress.length * part));
    const at = (index: number): [number, number] => [
      (input.progress[index - 1]?.[0] ?? 0) + 0.3,
      Math.floor((input.progress[index - 1]?.[1] ?? 0) * 0.8),
    ];
    return {
      ...straight(input),
      progress: [at(first), at(last)],
      end: { at: input.end.at + 60_000, kind: "cut-by-fin", codingComplete: null },
    };
  };
  expect(hung(byInput, 1)).toMatchObject([{ culprit: "bad" }]);
  // All at once shows no rate, and what is passed on as a whole leaves nothing to wait for.
  expect(hung(inParts(60), 1)).toMatchObject([{ culprit: "bad" }]);
  expect(hung(inParts(5, 10, 100), 3)).toMatchObject([{ culprit: "bad" }]);
});
