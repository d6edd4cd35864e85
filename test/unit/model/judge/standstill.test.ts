// A machine that stands still: what the control shows, and which verdicts must not follow.
import { describe, expect, it } from "vitest";
import { controlEveryMs } from "../../../../harness/model/recording.ts";
import { judge } from "../../../../harness/model/judge/judge.ts";
import { standstillKey, standstillOf, toleranceOf } from "../../../../harness/model/judge/tolerance.ts";
import type { CaseTrace, Link, Trace } from "../../../../harness/model/trace.ts";
import { holdAll, holdHeaders, straight, traceOf } from "./traces.ts";
import type { Hop } from "./traces.ts";

const windowOf = (departures: readonly number[]) => ({
  // The latest first, as in the recordings of the lab.
  transits: Float64Array.from(departures.toReversed().flatMap((at) => [at, 0.3])),
  fromAt: departures[0] ?? 0,
  toAt: departures.at(-1) ?? 0,
  samples: departures.length,
  p50Ms: 0.3,
  p99Ms: 0.3,
  maxMs: 0.3,
});

const idle = { at: [0, 1000], waitedMs: [0, 0] };
const departures = [0, 10, 20, 31, 331, 341, 351, 851, 861];

describe("a standstill", () => {
  it("is the excess of the time between two control messages", () => {
    expect(standstillOf(windowOf(departures), idle)).toEqual({ at: [31, 331, 351, 851], waitedMs: [0, 290, 290, 780] });
    expect(standstillOf(windowOf([0, 1, 2, 3, 53]), idle)).toEqual({ at: [3, 53], waitedMs: [0, 50 - controlEveryMs] });
  });

  it("is none while the lab ran or waited for a processor, unless it was long: a paused machine counts that as the lab's work", () => {
    const busy = { at: [0, 30, 160, 400, 800, 900], waitedMs: [0, 10, 120, 300, 400, 410] };
    expect(standstillOf(windowOf([0, 10, 20, 31, 161]), busy)).toEqual({ at: [], waitedMs: [] });
    expect(standstillOf(windowOf([0, 10, 20, 31, 191]), busy)).toEqual({ at: [31, 191], waitedMs: [0, 150] });
    expect(standstillOf(windowOf([351, 851, 861]), busy)).toEqual({ at: [351, 851], waitedMs: [0, 490] });
    expect(standstillOf(windowOf(departures), null)).toEqual({ at: [], waitedMs: [] });
  });

  it("widens ε at its time only", () => {
    const whole = traceOf({ kind: "paced" }, { bad: straight });
    const tolerance = toleranceOf({ ...whole, queueDelay: { [standstillKey]: standstillOf(windowOf(departures), idle) } });
    expect(tolerance.stillMs(0, 25)).toBe(0);
    expect(tolerance.stillMs(100, 120)).toBe(20);
    expect(tolerance.stillMs(320, 600)).toBe(11 + 239);
    expect(tolerance.stillMs(335, 345)).toBe(0);
    expect(tolerance.stillMs(0, 2000)).toBe(780);
    expect(tolerance.of("bad", 100, 120)).toBe(tolerance.baseMs + 290);
    expect(tolerance.of("bad", 900, 920)).toBe(tolerance.baseMs);
  });
});

it("is another than ε of a protocol, which each case has from its own control", () => {
  const whole = traceOf({ kind: "paced" }, { bad: straight });
  const slower = { ...whole.control, netP99Ms: 9, maxMs: 14 };
  const trace: Trace = { ...whole, controls: { h2: slower } };
  const [{ case: plain }] = trace.cases as [CaseTrace];
  const overHttp2 = { ...plain, clients: plain.clients.map((client) => ({ ...client, protocol: "h2" as const })) };
  expect([toleranceOf(trace, plain).baseMs, toleranceOf(trace, overHttp2).baseMs]).toEqual([toleranceOf(whole).baseMs, 27]);
  expect(toleranceOf(trace, overHttp2).worstMs).toBe(14);
  // What compares cases goes by the slowest.
  expect(toleranceOf(trace).baseMs).toBe(27);
});

it("that lasts as long as the hold of a header section makes the hold inconclusive", () => {
  const trace = traceOf({ kind: "header-hold" }, { bad: holdHeaders });
  const [trialCase] = trace.cases as [CaseTrace];
  const from = trialCase.exchanges.find(({ link }) => link === 0)?.response?.at ?? 0;
  const headersOf = (queueDelay: Trace["queueDelay"]): string[] => {
    const { facets, inconclusive } = judge({ ...trace, queueDelay });
    return [...facets, ...inconclusive].flatMap((one) =>
      one.facet === "headers" ? ["observation" in one ? one.observation.member : "open"] : [],
    );
  };
  expect(headersOf({})).toEqual(["held"]);
  expect(headersOf({ [standstillKey]: { at: [from, from + 700], waitedMs: [0, 690] } })).toEqual(["open"]);
});

describe("a cut after a silence that was not planned", () => {
  /** The origin's fourth record is the last that came, and its hop gives up so much later. */
  const cut = (trace: Trace, silentMs: number): { trace: Trace; from: number; to: number } => {
    const trialCase = trace.cases[0] as CaseTrace;
    const from = trialCase.origin[0]?.writes[3]?.at ?? 0;
    const to = from + silentMs;
    const exchanges = trialCase.exchanges.map((exchange) => ({
      ...exchange,
      end: { at: to, kind: exchange.link === 1 ? ("cut-by-fin" as const) : ("open" as const), codingComplete: null },
      progress: exchange.progress.slice(0, 4),
      records: exchange.records.map((at, index) => (index < 4 ? at : null)),
      closings: [{ at: to, by: exchange.link === 1 ? ("upstream" as const) : ("downstream" as const), how: "fin" as const }],
    }));
    const origin = trialCase.origin.map((one) => ({
      ...one,
      writes: one.writes.slice(0, 4),
      endedAt: null,
      gone: { at: to, how: "fin" as const },
    }));
    return { trace: { ...trace, cases: [{ ...trialCase, endedAt: to + 1, origin, exchanges }] }, from, to };
  };
  const still = (from: number, to: number) => ({ [standstillKey]: { at: [from, to], waitedMs: [0, to - from - controlEveryMs] } });
  const whole = traceOf({ kind: "paced", everyMs: 160 }, { bad: straight }, { confirmed: false });
  const endingOf = (trace: Trace): string[] => {
    const { facets, inconclusive } = judge(trace);
    return [...facets, ...inconclusive].flatMap((one) =>
      one.facet === "ending"
        ? ["observation" in one ? `${one.observation.member} ${one.culprit}` : `left open, by the machine: ${one.byMachine}`]
        : [],
    );
  };

  it("blames no hop if the origin itself was late", () => {
    expect(endingOf(cut(whole, 700).trace)).toEqual(["left open, by the machine: true"]);
    expect(judge(cut(whole, 700).trace).inconclusive.map(({ why }) => why)).toEqual([
      "the origin was 428 ms late of the 700 ms of silence before the cut; 272 ms were planned",
    ]);
  });

  it("blames a hop that stops reading from an origin that still writes", () => {
    const { trace } = cut(whole, 700);
    const cases = trace.cases.map((trialCase) => ({
      ...trialCase,
      origin: trialCase.origin.map((one) => ({ ...one, bytesWritten: one.bytesTaken + 1 })),
    }));
    expect(endingOf({ ...trace, cases })).toEqual(["truncated-visibly bad"]);
  });

  /** The same cut by the second of two hops, to which the first passed on nothing of what the origin wrote meanwhile. */
  const cutBehind = (first: Hop): Trace => {
    const after = traceOf({ kind: "paced", everyMs: 160 }, { first, bad: straight }, { confirmed: false });
    const trialCase = after.cases[0] as CaseTrace;
    const from = trialCase.origin[0]?.writes[3]?.at ?? 0;
    const to = from + 700;
    const exchanges = trialCase.exchanges.map((exchange) => ({
      ...exchange,
      end: { at: to, kind: exchange.link === 2 ? ("cut-by-fin" as const) : ("open" as const), codingComplete: null },
      progress: exchange.progress.filter(([at]) => at < to),
      records: exchange.records.map((at) => (at !== null && at < to ? at : null)),
      closings: [{ at: to, by: exchange.link === 2 ? ("upstream" as const) : ("downstream" as const), how: "fin" as const }],
    }));
    return { ...after, cases: [{ ...trialCase, endedAt: to + 1, exchanges }] };
  };
  const haltsBehind =
    (records: number): Hop =>
    (input) => {
      const from = input.progress[records]?.[0] ?? 0;
      return { ...straight(input), progress: input.progress.map(([at, bytes]) => [at < from ? at : Math.max(at, from + 700), bytes]) };
    };

  it("blames no hop if a hop nearer the origin paused once", () => {
    const { inconclusive } = judge(cutBehind(haltsBehind(4)));
    expect(inconclusive.filter(({ facet }) => facet === "ending")).toMatchObject([
      { why: expect.stringContaining("paused once"), byMachine: true },
    ]);
  });

  it("blames the hop if another one holds everything", () => {
    expect(endingOf(cutBehind(holdAll))).toEqual(["truncated-visibly bad"]);
  });

  it("blames no hop if the machine caused the silence", () => {
    const { trace, from, to } = cut(whole, 700);
    expect(endingOf({ ...trace, queueDelay: still(from + 50, to - 100) })).toEqual(["left open, by the machine: true"]);
  });

  it("blames the hop if the origin was late by much less than the silence exceeded the plan", () => {
    const trace = cutBehind(holdAll);
    const cases = trace.cases.map((trialCase) => ({
      ...trialCase,
      origin: trialCase.origin.map((one) => ({ ...one, writes: one.writes.filter((_, index) => index !== 5 && index !== 6) })),
    }));
    expect(endingOf({ ...trace, cases })).toEqual(["truncated-visibly bad"]);
  });

  it("blames the only hop if it paused by itself", () => {
    const after = cutBehind(haltsBehind(4));
    const [trialCase] = after.cases as [CaseTrace];
    const alone = trialCase.exchanges.filter(({ link }) => link !== 1).map((one) => ({ ...one, link: Math.min(one.link, 1) }));
    const busy = { bad: { at: [0, 60_000], waitedMs: [0, 6] } };
    const { facets } = judge({
      ...after,
      nodes: ["origin", "bad", "client"],
      links: [after.links[0] as Link, after.links[2] as Link],
      cases: [{ ...trialCase, exchanges: alone }],
      queueDelay: busy,
    });
    expect(facets.flatMap(({ facet, culprit }) => (facet === "ending" ? [culprit] : []))).toEqual(["bad"]);
  });

  it("finds the first-byte timeout of a hop although the next one holds the header section", () => {
    const trace = cutBehind(holdAll);
    const cases = trace.cases.map((trialCase) => ({
      ...trialCase,
      exchanges: trialCase.exchanges.map((one) => (one.link === 0 ? one : { ...one, response: null, records: [], progress: [] })),
    }));
    const { facets } = judge({ ...trace, cases });
    expect(facets.flatMap(({ facet, observation }) => (facet === "ending" && "cause" in observation ? [observation.cause] : []))).toEqual([
      "first-byte-timeout",
    ]);
  });

  it("blames the hop if such a silence was planned", () => {
    const silence = traceOf({ kind: "paced", everyMs: 900 }, { bad: straight }, { confirmed: false });
    const { trace, from, to } = cut(silence, 700);
    expect(endingOf({ ...trace, queueDelay: still(from + 50, to - 100) })).toEqual(["truncated-visibly bad"]);
  });
});
