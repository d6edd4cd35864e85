// Timeouts: traces that an earlier judge classified wrongly.
import { expect, it } from "vitest";
import { judge } from "../../../../harness/model/judge/judge.ts";
import { standstillKey } from "../../../../harness/model/judge/tolerance.ts";
import type { CaseTrace, Trace } from "../../../../harness/model/trace.ts";
import { asCase, asNextAttempt, cork, releaseEvery, straight, traceOf } from "./traces.ts";
import type { Hop } from "./traces.ts";

/** The hop in front of link `cutter` ends both of its connections then. */
const cutAt = (trialCase: CaseTrace, atMs: number, cutter = 1): CaseTrace => ({
  ...trialCase,
  endedAt: atMs + 1,
  origin: trialCase.origin.map((one) => ({
    ...one,
    writes: one.writes.filter(({ at }) => at < atMs),
    endedAt: null,
    gone: { at: atMs, how: "fin" as const },
  })),
  exchanges: trialCase.exchanges.map((e) => ({
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
  const [s, f] = whole.cases as [CaseTrace, CaseTrace];
  return { ...whole, cases: [cutAt(s, ...silence), cutAt(f, ...flow)] };
};
const limits = (trace: Trace): string[] =>
  judge(trace).limits.map(({ kind, ms, culprit }) => `${kind} ${Math.round(ms / 100) / 10} ${culprit}`);
const endings = (trace: Trace): string[] => {
  const { facets, inconclusive } = judge(trace);
  return [...facets, ...inconclusive].flatMap((one) =>
    one.facet === "ending" ? ["observation" in one ? `${one.observation.member} ${one.culprit}` : `open: ${one.why}`] : [],
  );
};
const paced = (hop: Hop, everyMs = 160) => traceOf({ kind: "paced", everyMs }, { bad: hop }, { confirmed: false });
const writeAt = (trace: Trace, index: number): number => trace.cases[0]?.origin[0]?.writes[index]?.at ?? 0;

// 1
it("blames a hop that cuts 8 ms after a record arrived, instead of passing it on (a size limit)", () => {
  const trace = paced(straight);
  const at = writeAt(trace, 11);
  const trialCase = cutAt(trace.cases[0] as CaseTrace, at + 8);
  const exchanges = trialCase.exchanges.map((e) =>
    e.link === 1
      ? { ...e, progress: e.progress.filter(([t]) => t < at), records: e.records.map((t) => (t !== null && t < at ? t : null)) }
      : e,
  );
  expect(endings({ ...trace, cases: [{ ...trialCase, exchanges }] })).toEqual(["truncated-visibly bad"]);
});
it("finds the total timeout of a hop that passes everything on 150 ms late", () => {
  const trace = paced(cork(150));
  expect(endings({ ...trace, cases: [cutAt(trace.cases[0] as CaseTrace, writeAt(trace, 11) + 15)] })).toEqual(["truncated-visibly bad"]);
});
it("finds the idle timeout of 3200 ms of a hop after one that holds a record for 250 ms", () => {
  const holds: Hop = (i) => ({
    ...straight(i),
    progress: i.progress.map(([t, b], n): [number, number] => [t + (n === 1 ? 250 : 0.4), b]),
    end: { ...i.end, at: i.end.at + 251 },
  });
  const trace = traceOf({ kind: "silence", silentMs: 3000 }, { holds, bad: straight }, { confirmed: false });
  expect(endings({ ...trace, cases: [cutAt(trace.cases[0] as CaseTrace, 3200, 2)] })).toEqual(["truncated-visibly bad"]);
});
// 2
it("distinguishes idle 3 s from total 3.5 s although the machine stood still for 300 ms long before either", () => {
  const trace = flowing({ bad: straight }, [3000], [3500]);
  expect(limits(trace)).toEqual(["idle-timeout 3 bad", "total-timeout 3.5 bad"]);
  expect(limits({ ...trace, queueDelay: still(1000, 1310) })).toEqual(["idle-timeout 3 bad", "total-timeout 3.5 bad"]);
});
// 3
it.each([
  ["512 B", releaseEvery(512), 4200],
  ["1 s", cork(1000), 3000],
] as const)("finds the total timeout of a hop that batches (%s), on a calm machine", (_, hop, ms) => {
  expect(limits(flowing({ bad: hop }, [ms], [ms + 10]))).toEqual([`total-timeout ${ms / 1000} bad`]);
});
it("finds the total timeout of a hop that batches and sometimes waits for a processor", () => {
  const trace = flowing({ bad: releaseEvery(512) }, [4200], [4210]);
  expect(limits({ ...trace, queueDelay: { bad: { at: [0, 10_000], waitedMs: [0, 60] } } })).toEqual(["total-timeout 4.2 bad"]);
});
// 4
it("does not take the idle timeout of one hop for a total timeout because another hop has one: heartbeats will show it", () => {
  expect(limits(flowing({ a: straight, b: straight }, [3000, 1], [3100, 2]))).toEqual(["unclassified 3 a", "total-timeout 3.1 b"]);
});
// 5
it.each([
  ["calm", 305, 5170, {}],
  ["still for 150 ms", 420, 5160, still(2000, 2160)],
] as const)("finds the total timeout of a stream that had survived longer gaps (%s)", (_, idle, total, queueDelay) => {
  expect(limits({ ...flowing({ bad: straight }, [idle], [total]), queueDelay })).toEqual([
    `idle-timeout ${Math.round(idle / 100) / 10} bad`,
    `total-timeout ${Math.round(total / 100) / 10} bad`,
  ]);
});
// 6
const hung = (silentMs: number, everyMs?: number): { trace: Trace; from: number } => {
  const trace = paced(straight, everyMs);
  const [trialCase] = trace.cases as [CaseTrace];
  const from = writeAt(trace, 3);
  // As decoded: an open exchange ends with its last read (harness/decode/exchanges.ts, endOfOpen).
  return {
    from,
    trace: {
      ...trace,
      cases: [
        {
          ...trialCase,
          endedAt: from + silentMs + 4500,
          clients: [{ startedAt: -4, recordsAt: [], ended: { at: from + silentMs + 4400, how: "gave-up" } }],
          origin: trialCase.origin.map((o) => ({
            ...o,
            writes: o.writes.slice(0, 4),
            endedAt: null,
            gone: { at: from + silentMs, how: "fin" as const },
          })),
          exchanges: trialCase.exchanges.map((e) => ({
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
it("blames no hop for a hang after a silence that the machine caused", () => {
  const { trace, from } = hung(700);
  expect(endings({ ...trace, queueDelay: still(from + 50, from + 600) })[0]).toMatch(/^open/);
});
it("does not attribute a hang to a standstill that was over before the silence began", () => {
  const { trace, from } = hung(700, 700);
  expect(endings({ ...trace, queueDelay: still(from - 600, from - 50) })).toEqual(["hung bad"]);
});
// 8
it("counts only the part of a standstill inside the silence (5 ms of 700 here)", () => {
  const trace = paced(straight, 700);
  const [trialCase] = trace.cases as [CaseTrace];
  const from = writeAt(trace, 3);
  const short = {
    ...trialCase,
    origin: trialCase.origin.map((o) => ({ ...o, writes: o.writes.slice(0, 4) })),
    exchanges: trialCase.exchanges.map((e) => ({
      ...e,
      progress: e.progress.slice(0, 4),
      records: e.records.map((t, n) => (n < 4 ? t : null)),
    })),
  };
  expect(endings({ ...trace, cases: [cutAt(short, from + 700)], queueDelay: still(from - 645, from + 5) })).toEqual([
    "truncated-visibly bad",
  ]);
});
// 9
it("learns nothing from a stream that its hop refused (total timeout 3 s)", () => {
  const trace = flowing({ bad: straight }, [3000], [3000]);
  const [, flow] = traceOf({ kind: "silence", silentMs: 6000, flowMs: 6900 }, { bad: straight }, { confirmed: false }).cases as [
    CaseTrace,
    CaseTrace,
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
  expect(limits({ ...trace, cases: [trace.cases[0] as CaseTrace, refused] })).toEqual(["unclassified 3 bad"]);
});
// 10

it("requests no further attempt once a stream has shown its timeout", () => {
  const trace = flowing({ bad: straight }, [3000], [2300]);
  const [silence, flow] = trace.cases as [CaseTrace, CaseTrace];
  const [, whole] = traceOf({ kind: "silence", silentMs: 6000, flowMs: 6900 }, { bad: straight }, { confirmed: false }).cases as [
    CaseTrace,
    CaseTrace,
  ];
  const first = { ...trace, cases: [silence, asCase(flow, { role: "heartbeats" })], queueDelay: still(600, 2290) };
  const beats = first.cases[1] as CaseTrace;
  // Everything written after half a second arrived after the standstill, when the hop had already ended the stream.
  first.cases[1] = {
    ...beats,
    exchanges: beats.exchanges.map((exchange) => ({ ...exchange, progress: exchange.progress.filter(([at]) => at < 590) })),
  };
  expect(judge(first).inconclusive).toContainEqual(expect.objectContaining({ case: "heartbeats", byMachine: true }));
  const both = { ...first, cases: [...first.cases, asNextAttempt(silence), asCase(whole, { role: "heartbeats", attempt: 2 })] };
  expect(judge(both).inconclusive).toEqual([]);
  expect(limits(both)).toEqual(["idle-timeout 3 bad"]);
});
