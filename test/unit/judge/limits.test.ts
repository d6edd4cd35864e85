// Limits of time, attacked: traces that an earlier judge told wrongly.
import { expect, it } from "vitest";
import { judge } from "../../../harness/model/judge/judge.ts";
import { standstillKey } from "../../../harness/model/judge/tolerance.ts";
import type { ArmTrace, Trace } from "../../../harness/model/trace.ts";
import { cork, releaseEvery, straight, traceOf } from "./traces.ts";
import type { Hop } from "./traces.ts";

/** The hop in front of link `cutter` ends both of its connections then. */
const cutAt = (arm: ArmTrace, atMs: number, cutter = 1): ArmTrace => ({
  ...arm,
  endedAt: atMs + 1,
  origin: arm.origin.map((one) => ({
    ...one,
    writes: one.writes.filter(({ at }) => at < atMs),
    endedAt: null,
    gone: { at: atMs, how: "fin" as const },
  })),
  exchanges: arm.exchanges.map((e) => ({
    ...e,
    end: { at: atMs, kind: e.link >= cutter ? ("cut-by-fin" as const) : ("open" as const), codingComplete: null },
    progress: e.progress.filter(([at]) => at < atMs),
    records: e.records.map((at) => (at !== null && at < atMs ? at : null)),
    closings: [{ at: atMs, by: e.link >= cutter ? ("upstream" as const) : ("downstream" as const), how: "fin" as const }],
  })),
});
const still = (from: number, to: number) => ({ [standstillKey]: { at: [from, to], waitedMs: [0, to - from - 10] } });
const flowing = (hops: Record<string, Hop>, silence: [number, number?], flow: [number, number?]): Trace => {
  const whole = traceOf({ kind: "silence", silentMs: 6000, flowMs: 6900 }, hops, { confirmed: false });
  const [s, f] = whole.arms as [ArmTrace, ArmTrace];
  return { ...whole, arms: [cutAt(s, ...silence), cutAt(f, ...flow)] };
};
const limits = (trace: Trace): string[] =>
  judge(trace).limits.map(({ kind, ms, culprit }) => `${kind} ${Math.round(ms / 100) / 10} ${culprit}`);
const endings = (trace: Trace): string[] => {
  const { facets, undecided } = judge(trace);
  return [...facets, ...undecided].flatMap((one) =>
    one.facet === "ending" ? ["finding" in one ? `${one.finding.member} ${one.culprit}` : `open: ${one.why}`] : [],
  );
};
const paced = (hop: Hop, everyMs = 160) => traceOf({ kind: "paced", everyMs }, { bad: hop }, { confirmed: false });
const writeAt = (trace: Trace, index: number): number => trace.arms[0]?.origin[0]?.writes[index]?.at ?? 0;

// 1
it("accuses a hop that cuts 8 ms after a record came, instead of passing it on (a limit of size)", () => {
  const trace = paced(straight);
  const at = writeAt(trace, 11);
  const arm = cutAt(trace.arms[0] as ArmTrace, at + 8);
  const exchanges = arm.exchanges.map((e) =>
    e.link === 1
      ? { ...e, progress: e.progress.filter(([t]) => t < at), records: e.records.map((t) => (t !== null && t < at ? t : null)) }
      : e,
  );
  expect(endings({ ...trace, arms: [{ ...arm, exchanges }] })).toEqual(["incomplete-visible bad"]);
});
it("accuses a hop of an age limit that passes everything on 150 ms late", () => {
  const trace = paced(cork(150));
  expect(endings({ ...trace, arms: [cutAt(trace.arms[0] as ArmTrace, writeAt(trace, 11) + 15)] })).toEqual(["incomplete-visible bad"]);
});
it("accuses a hop of its idle limit of 3200 behind one that holds a record for 250 ms", () => {
  const holds: Hop = (i) => ({
    ...straight(i),
    progress: i.progress.map(([t, b], n): [number, number] => [t + (n === 1 ? 250 : 0.4), b]),
    end: { ...i.end, at: i.end.at + 251 },
  });
  const trace = traceOf({ kind: "silence", silentMs: 3000 }, { holds, bad: straight }, { confirmed: false });
  expect(endings({ ...trace, arms: [cutAt(trace.arms[0] as ArmTrace, 3200, 2)] })).toEqual(["incomplete-visible bad"]);
});
// 2
it("tells idle 3 s and total 3.5 s apart although the machine stood still for 300 ms long before either", () => {
  const trace = flowing({ bad: straight }, [3000], [3500]);
  expect(limits(trace)).toEqual(["idle-limit 3 bad", "total-limit 3.5 bad"]);
  expect(limits({ ...trace, queueDelay: still(1000, 1310) })).toEqual(["idle-limit 3 bad", "total-limit 3.5 bad"]);
});
// 3
it.each([
  ["512 B", releaseEvery(512), 4200],
  ["1 s", cork(1000), 3000],
] as const)("tells the total limit of a hop that batches (%s), calm", (_, hop, ms) => {
  expect(limits(flowing({ bad: hop }, [ms], [ms + 10]))).toEqual([`total-limit ${ms / 1000} bad`]);
});
// 4
it("does not take the idle limit of one hop for a total limit because another hop has one: heartbeats will tell", () => {
  expect(limits(flowing({ a: straight, b: straight }, [3000, 1], [3100, 2]))).toEqual(["limit-unclassified 3 a", "total-limit 3.1 b"]);
});
// 5
it.each([
  ["calm", 305, 5170, {}],
  ["still for 150 ms", 420, 5160, still(2000, 2160)],
] as const)("tells the age limit of a stream that had survived longer gaps (%s)", (_, idle, total, queueDelay) => {
  expect(limits({ ...flowing({ bad: straight }, [idle], [total]), queueDelay })).toEqual([
    `idle-limit ${Math.round(idle / 100) / 10} bad`,
    `total-limit ${Math.round(total / 100) / 10} bad`,
  ]);
});
// 6
const hung = (silentMs: number, everyMs?: number): { trace: Trace; from: number } => {
  const trace = paced(straight, everyMs);
  const [arm] = trace.arms as [ArmTrace];
  const from = writeAt(trace, 3);
  // As decoded: an open exchange ends with its last read (harness/lab/exchanges.ts, endOfOpen).
  return {
    from,
    trace: {
      ...trace,
      arms: [
        {
          ...arm,
          endedAt: from + silentMs + 4500,
          clients: [{ startedAt: -4, recordsAt: [], ended: { at: from + silentMs + 4400, how: "gave-up" } }],
          origin: arm.origin.map((o) => ({
            ...o,
            writes: o.writes.slice(0, 4),
            endedAt: null,
            gone: { at: from + silentMs, how: "fin" as const },
          })),
          exchanges: arm.exchanges.map((e) => ({
            ...e,
            progress: e.progress.slice(0, 4),
            records: e.records.map((t, n) => (n < 4 ? t : null)),
            end: { at: e.progress[3]?.[0] ?? 0, kind: "open" as const, codingComplete: null },
            closings: e.link === 0 ? [{ at: from + silentMs, by: "downstream" as const, how: "fin" as const }] : [],
          })),
        },
      ],
    },
  };
};
it("accuses nobody of a hang behind a silence that the machine made", () => {
  const { trace, from } = hung(700);
  expect(endings({ ...trace, queueDelay: still(from + 50, from + 600) })[0]).toMatch(/^open/);
});
it("excuses no hang by a standstill that was over before the silence began", () => {
  const { trace, from } = hung(700, 700);
  expect(endings({ ...trace, queueDelay: still(from - 600, from - 50) })).toEqual(["hung bad"]);
});
// 8
it("counts of a standstill only what lies in the silence (5 ms of 700 here)", () => {
  const trace = paced(straight, 700);
  const [arm] = trace.arms as [ArmTrace];
  const from = writeAt(trace, 3);
  const short = {
    ...arm,
    origin: arm.origin.map((o) => ({ ...o, writes: o.writes.slice(0, 4) })),
    exchanges: arm.exchanges.map((e) => ({ ...e, progress: e.progress.slice(0, 4), records: e.records.map((t, n) => (n < 4 ? t : null)) })),
  };
  expect(endings({ ...trace, arms: [cutAt(short, from + 700)], queueDelay: still(from - 645, from + 5) })).toEqual([
    "incomplete-visible bad",
  ]);
});
// 9
it("learns nothing from a stream that its hop refused (total limit 3 s)", () => {
  const trace = flowing({ bad: straight }, [3000], [3000]);
  const [, flow] = traceOf({ kind: "silence", silentMs: 6000, flowMs: 6900 }, { bad: straight }, { confirmed: false }).arms as [
    ArmTrace,
    ArmTrace,
  ];
  const refused = {
    ...flow,
    exchanges: flow.exchanges.map((e) =>
      e.link === 0
        ? e
        : {
            ...e,
            nonce: null,
            fidelity: { kind: "foreign" as const },
            records: e.records.map(() => null),
            response: e.response && { ...e.response, status: 503, at: 2 },
            progress: [[2, 90]] as [number, number][],
            end: { ...e.end, at: 2 },
          },
    ),
  };
  expect(limits({ ...trace, arms: [trace.arms[0] as ArmTrace, refused] })).toEqual(["limit-unclassified 3 bad"]);
});
// 10

it("asks no more about a stream that the machine cut short once the same stream has told its limit", () => {
  const trace = flowing({ bad: straight }, [3000], [2300]);
  const [silence, flow] = trace.arms as [ArmTrace, ArmTrace];
  const [, whole] = traceOf({ kind: "silence", silentMs: 6000, flowMs: 6900 }, { bad: straight }, { confirmed: false }).arms as [
    ArmTrace,
    ArmTrace,
  ];
  const named = (arm: ArmTrace, id: string): ArmTrace => ({ ...arm, arm: { ...arm.arm, id } });
  const first = { ...trace, arms: [silence, named(flow, "heartbeats")], queueDelay: still(600, 2290) };
  const beats = first.arms[1] as ArmTrace;
  // All that was written after half a second came when the machine went on, and the hop had ended it by then.
  first.arms[1] = {
    ...beats,
    exchanges: beats.exchanges.map((exchange) => ({ ...exchange, progress: exchange.progress.filter(([at]) => at < 590) })),
  };
  expect(judge(first).undecided).toContainEqual(expect.objectContaining({ arm: "heartbeats", byMachine: true }));
  const twice = { ...first, arms: [...first.arms, named(silence, "silence-again"), named(whole, "heartbeats-again")] };
  expect(judge(twice).undecided).toEqual([]);
  expect(limits(twice)).toEqual(["idle-limit 3 bad"]);
});
