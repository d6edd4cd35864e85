// What released the late records, on traces made by hand: one hop for each cause, and its evidence.
import { describe, expect, it } from "vitest";
import type { Trial } from "../../../../harness/define.ts";
import { judge } from "../../../../harness/model/judge/judge.ts";
import type { Trace } from "../../../../harness/model/trace.ts";
import type { Delivery } from "../../../../harness/model/verdict.ts";
import { asNextAttempt, straight, traceOf } from "./traces.ts";
import type { Flow, Hop } from "./traces.ts";

const lockStep: Trial = { kind: "lock-step" };
const paced: Trial = { kind: "paced" };

/** The trace with a second attempt of each case and the same result. */
const withSecondAttempt = (trace: Trace): Trace => ({
  ...trace,
  cases: [...trace.cases, ...trace.cases.map(asNextAttempt)],
});

const deliveryOf = (trial: Trial, hop: Hop, confirmed = false): Delivery | undefined => {
  const facet = judge(withSecondAttempt(traceOf(trial, { bad: hop }, { confirmed }))).facets.find((one) => one.facet === "delivery");
  return facet?.facet === "delivery" ? facet.observation : undefined;
};

const ending = (input: Flow, progress: [number, number][]): Flow => {
  const at = Math.max(input.end.at + 0.4, progress.at(-1)?.[0] ?? 0);
  const total = input.progress.at(-1)?.[1] ?? 0;
  const rest: [number, number][] = (progress.at(-1)?.[1] ?? 0) < total ? [[at, total]] : [];
  return { ...straight(input), progress: [...progress, ...rest], end: { ...input.end, at } };
};

/** The n-th piece releases all n. */
const everyNth =
  (writes: number): Hop =>
  (input) =>
    ending(
      input,
      input.progress.flatMap(([at, bytes], index): [number, number][] => ((index + 1) % writes === 0 ? [[at + 0.4, bytes]] : [])),
    );

/** After this many bytes or this time, whichever is first. */
const bytesOrTimer =
  (quantum: number, timerMs: number): Hop =>
  (input) => {
    const progress: [number, number][] = [];
    let released = 0;
    let since: number | null = null;
    for (const [index, [at, bytes]] of input.progress.entries()) {
      since ??= at;
      const next = input.progress[index + 1]?.[0] ?? Infinity;
      if (bytes - released >= quantum) progress.push([at + 0.4, bytes]);
      else if (since + timerMs < next) progress.push([since + timerMs, bytes]);
      else continue;
      released = bytes;
      since = null;
    }
    return ending(input, progress);
  };

/** Bytes leave one after the other, in pieces of at most fifty. */
const atRate =
  (bytesPerSecond: number, pieceBytes = 50): Hop =>
  (input) => {
    const progress: [number, number][] = [];
    let at = -Infinity;
    let sent = 0;
    for (const [came, bytes] of input.progress)
      while (sent < bytes && progress.length < 5000) {
        const piece = Math.min(pieceBytes, bytes - sent);
        at = Math.max(at, came) + (1000 * piece) / bytesPerSecond;
        progress.push([at, (sent += piece)]);
      }
    return ending(input, progress);
  };

/** Holds each piece that a rule picks, and all after it until then. */
const holding =
  (msOf: (index: number) => number): Hop =>
  (input) => {
    let free = -Infinity;
    return ending(
      input,
      input.progress.map(([at, bytes], index): [number, number] => [(free = Math.max(free, at + 0.4 + msOf(index))), bytes]),
    );
  };

describe("what released the late records", () => {
  it.each<[what: string, trial: Trial, hop: Hop, found: object]>([
    ["every third write", paced, everyNth(3), { member: "batched", by: "writes", writes: 3 }],
    ["every fifth write", { kind: "paced", records: 15 }, everyNth(5), { member: "batched", by: "writes", writes: 5 }],
    ["every third write, in a lock-step", lockStep, everyNth(3), { member: "batched", by: "writes", writes: 3 }],
    ["220 bytes or 250 ms", { kind: "paced", recordBytes: 120 }, bytesOrTimer(220, 250), { member: "batched", by: "bytes-or-timer" }],
    ["a line of 400 B/s", paced, atRate(400), { member: "throttled" }],
    [
      "the flood",
      lockStep,
      (input) => ({ ...straight(input), progress: straight(input).progress.filter(([, bytes]) => bytes > 9000) }),
      {
        member: "buffered",
        released: "flood",
      },
    ],
  ])("is identified: %s", (_, trial, hop, found) => {
    expect(deliveryOf(trial, hop)).toMatchObject(found);
  });

  it("gives the rate within a tenth", () => {
    for (const rate of [250, 300, 400]) {
      const observation = deliveryOf(paced, atRate(rate));
      expect(observation).toMatchObject({ member: "throttled" });
      if (observation?.member === "throttled") expect(Math.abs(observation.bytesPerSecond - rate)).toBeLessThan(0.1 * rate);
    }
  });
});

describe("late without an identified cause", () => {
  const everyThird = holding((index) => (index % 3 === 2 ? 900 : 0));

  it.each<[what: string, trial: Trial, hop: Hop, confirmed: boolean]>([
    ["every third record, each of them confirmed", lockStep, everyThird, true],
    ["every third record, paced", { kind: "paced", everyMs: 1200 }, everyThird, false],
    ["records at random", { kind: "paced", everyMs: 1200 }, holding((index) => [0, 340, 0, 720, 130, 0, 510, 260][index % 8] ?? 0), false],
  ])("is delayed: %s", (_, trial, hop, confirmed) => {
    expect(deliveryOf(trial, hop, confirmed)).toMatchObject({ member: "delayed", attempts: 2 });
  });

  it("names the records and how long each was held", () => {
    const { facets } = judge(withSecondAttempt(traceOf(lockStep, { bad: everyThird }, { confirmed: true })));
    expect(facets.find(({ facet }) => facet === "delivery")?.evidence).toMatch(
      /^bad holds records for up to 900 ms; the release cause was not identified: in each of 2 attempts it held records, here 6 of 8 \(record 2 for 900 ms, .*record 7 for 896 ms; ε 5\.00 ms\)$/,
    );
  });
});
