// A machine that became slow after the trial was planned: ε is longer than the gaps allow, and what a hop does is found all the same.
import { describe, expect, it } from "vitest";
import type { Trial } from "../../../../harness/define.ts";
import { judge } from "../../../../harness/model/judge/judge.ts";
import { nextCases } from "../../../../harness/model/sequels.ts";
import type { Trace } from "../../../../harness/model/trace.ts";
import type { Delivery } from "../../../../harness/model/verdict.ts";
import { after, cork, holdAll, releaseEvery, straight, traceOf } from "./traces.ts";
import type { Flow, Hop } from "./traces.ts";

const settings = { request: {}, response: {}, epsilonMs: 5, limitMs: null };

/** All attempts of a trial that was planned on a calm machine, each as it is planned then. */
const attempts = (trial: Trial, hop: Hop, epsilonMs: number, confirmed = false): Trace => {
  const options = { confirmed, p99Ms: epsilonMs / 3 };
  let trace = traceOf(trial, { bad: hop }, options);
  for (;;) {
    const cases = nextCases(trial, settings, trace.cases, { epsilonMs, ...judge(trace) });
    if (cases.length === 0) return trace;
    trace = { ...trace, cases: [...trace.cases, ...traceOf(trial, { bad: hop }, { ...options, cases }).cases] };
  }
};

const foundIn = (trace: Trace): Delivery[] =>
  judge(trace).facets.flatMap((facet) => (facet.facet === "delivery" ? [facet.observation] : []));

const endsAfter = (input: Flow, progress: [number, number][]): Flow => {
  const at = Math.max(input.end.at + 0.4, progress.at(-1)?.[0] ?? 0);
  return { ...straight(input), progress: [...progress, [at, input.progress.at(-1)?.[1] ?? 0]], end: { ...input.end, at } };
};

/** The third piece releases all three. */
const everyThird: Hop = (input) =>
  endsAfter(
    input,
    input.progress.flatMap(([at, bytes], index): [number, number][] => (index % 3 === 2 ? [[at + 0.4, bytes]] : [])),
  );

/** Leaves steadily, a piece every 20 ms. */
const atRate =
  (bytesPerSecond: number): Hop =>
  (input) => {
    const progress: [number, number][] = [];
    const piece = bytesPerSecond / 50;
    let [at, sent] = [-Infinity, 0];
    for (const [came, bytes] of input.progress)
      for (; sent < bytes; progress.push([at, sent])) {
        at = Math.max(at, came) + 20;
        sent = Math.min(bytes, sent + piece);
      }
    return endsAfter(input, progress);
  };

const epsilons = [5, 15, 25, 40, 60, 80, 100, 120, 150];

describe("a machine that became slow", () => {
  it.each(epsilons)("ε %d ms: records in groups of three are released by the third", (epsilonMs) => {
    for (const trial of [{ kind: "lock-step" }, { kind: "paced" }] as const) {
      const found = foundIn(attempts(trial, everyThird, epsilonMs));
      // Beyond the ε that gaps are planned for, only that they are late.
      expect(found.length).toBeGreaterThan(0);
      for (const one of found) expect(one).toMatchObject(epsilonMs <= 100 ? { member: "batched", by: "writes", writes: 3 } : {});
    }
  });

  it.each(epsilons)("ε %d ms: a steady rate is no byte count, however short its pauses are", (epsilonMs) => {
    const above: Trial = { kind: "paced", recordBytes: 1_000_000, records: 6, everyMs: 300 };
    const found = foundIn(attempts(above, atRate(1_000_000), epsilonMs));
    expect(found.length).toBeGreaterThan(0);
    for (const one of found) {
      expect(one).toMatchObject({ member: "throttled" });
      if (one.member === "throttled") expect(Math.abs(one.bytesPerSecond - 1_000_000)).toBeLessThan(100_000);
    }
  });

  it.each(epsilons)("ε %d ms: nothing that passes is accused", (epsilonMs) => {
    for (const trial of [{ kind: "lock-step" }, { kind: "paced" }] as const)
      for (const one of foundIn(attempts(trial, straight, epsilonMs, trial.kind === "lock-step"))) expect(one.member).toBe("incremental");
  });

  /** What it is, or at least that its records are late; nothing else. */
  it.each<[what: string, hop: Hop, is: (found: Delivery) => boolean]>([
    [
      "500 bytes",
      releaseEvery(500),
      (one) => one.member === "batched" && one.by === "bytes" && one.atLeastBytes < 500 && one.atMostBytes >= 500,
    ],
    ["4096 bytes", releaseEvery(4096), (one) => one.member === "buffered" || (one.member === "batched" && one.by === "bytes")],
    ["the next record", after(1), (one) => one.member === "lagging" && one.records === 1],
    ["the next record but one", after(2), (one) => one.member === "lagging" && one.records === 2],
    ["a timer of 250 ms", cork(250), (one) => one.member === "batched" && one.by === "timer" && Math.abs(one.timerMs - 250) < 25],
    ["a timer of 700 ms", cork(700), (one) => one.member === "batched" && one.by === "timer" && Math.abs(one.timerMs - 700) < 70],
    ["the end", holdAll, (one) => one.member === "buffered"],
  ])("names no other cause than %s", (_, hop, is) => {
    const wrong: string[] = [];
    for (const trial of [{ kind: "lock-step" }, { kind: "paced" }] as const)
      for (const epsilonMs of epsilons)
        for (const found of foundIn(attempts(trial, hop, epsilonMs)))
          if (found.member !== "delayed" && !is(found)) wrong.push(`${trial.kind}, ε ${epsilonMs} ms: ${JSON.stringify(found)}`);
    expect(wrong).toEqual([]);
  });

  it("waits longer between the records of a further attempt", () => {
    const gaps = attempts({ kind: "lock-step" }, everyThird, 60).cases.map(({ case: { script } }) =>
      script.steps.flatMap((step) => (step.do === "write" ? [step.everyMs] : [])),
    );
    expect(gaps[0]).toEqual([160, 272, 40]);
    expect(gaps[1]).toEqual([480, 816, 40]);
  });

  it("keeps the gaps that the author says", () => {
    const gapsOf = (trial: Trial): number[][] =>
      attempts(trial, after(1), 50).cases.map(({ case: { script } }) =>
        script.steps.flatMap((step) => (step.do === "write" ? [step.everyMs] : [])),
      );
    expect(new Set(gapsOf({ kind: "paced", everyMs: 100 }).map(String))).toEqual(new Set(["100,170"]));
    expect(gapsOf({ kind: "paced" })).toEqual([
      [160, 272],
      [400, 680],
    ]);
  });
});

describe("a flood", () => {
  /** Holds `quantum` bytes of small records and, from then on, up to 128 KiB of large ones, which leave at a rate. */
  const buffers =
    (quantum: number, bytesPerMs: number, keepsBytes: number): Hop =>
    (input) => {
      const progress: [number, number][] = [];
      let [at, sent] = [-Infinity, 0];
      for (const [came, bytes] of input.progress) {
        const whole = bytes > 3000 ? bytes - Math.min(bytes - sent, keepsBytes) : sent + Math.floor((bytes - sent) / quantum) * quantum;
        at = Math.max(at, came + 0.4);
        for (; sent < whole; progress.push([at, sent])) {
          const piece = Math.min(65_536, whole - sent);
          sent += piece;
          at += piece / bytesPerMs;
        }
      }
      return endsAfter(input, progress);
    };

  it.each([300, 500, 1000, 1250])("says nothing of what is held of small records: %d bytes", (quantum) => {
    for (const bytesPerMs of [1e9, 50_000, 10_000])
      for (const keepsBytes of [0, 131_072])
        for (const found of foundIn(attempts({ kind: "lock-step" }, buffers(quantum, bytesPerMs, keepsBytes), 5))) {
          expect(found).toMatchObject({ member: "batched", by: "bytes" });
          if (found.member === "batched" && found.by === "bytes") {
            expect(found.atLeastBytes).toBeLessThan(quantum);
            expect(found.atMostBytes).toBeGreaterThanOrEqual(quantum);
          }
        }
  });

  it("that leaves without a pause is no rate, if small records are late for another reason", () => {
    let seed = 7;
    const random = (): number => (seed = (seed * 1_664_525 + 1_013_904_223) % 2 ** 32) / 2 ** 32;
    for (const epsilonMs of [15, 30, 60, 90])
      for (let round = 0; round < 5; round++) {
        const late: Hop = (input) => {
          const progress: [number, number][] = [];
          let [at, sent] = [-Infinity, 0];
          for (const [came, bytes] of input.progress) {
            at = Math.max(at, came + (bytes - sent < 500 ? epsilonMs * (1.05 + 0.9 * random()) : 0));
            for (; sent < bytes; progress.push([at, sent])) {
              const piece = Math.min(8192, bytes - sent);
              sent += piece;
              at += piece / 600;
            }
          }
          return endsAfter(input, progress);
        };
        for (const { member } of foundIn(attempts({ kind: "lock-step" }, late, epsilonMs))) expect(member).not.toBe("throttled");
      }
  });
});
