// The strictest timeout of a chain, and the arithmetic of heartbeats.
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { LimitKind } from "../../../harness/define.ts";
import { heartbeatFor } from "../../../harness/model/heartbeat.ts";
import { candidates, heartbeatOf, limitKinds, strictestOf } from "../../../harness/model/strictest.ts";
import type { HopLimits, TimeLimit } from "../../../harness/model/time-limit.ts";

const limit = (hop: string, kind: LimitKind, ms: TimeLimit["ms"], more: Partial<TimeLimit> = {}): TimeLimit => ({
  hop,
  kind,
  ms,
  source: { from: "measurement" },
  measured: null,
  ...more,
});

const hop = (name: string, ...limits: [kind: LimitKind, ms: TimeLimit["ms"], more?: Partial<TimeLimit>][]): HopLimits => ({
  hop: name,
  limits: limits.map(([kind, ms, more]) => limit(name, kind, ms, more)),
  remarks: [],
});

const named = (limits: readonly TimeLimit[]): string[] => limits.map((one) => `${one.hop} ${one.kind} ${one.ms}`);

describe("the strictest timeout", () => {
  test("of several is the shortest of its kind, whichever hop has it", () => {
    const hops = [
      hop("a", ["idle-timeout", 60_000], ["total-timeout", 900_000]),
      hop("b", ["idle-timeout", 55_000], ["write-timeout", 10_000]),
      hop("c", ["idle-timeout", 120_000], ["total-timeout", 300_000]),
    ];
    expect(named(strictestOf(hops, "idle-timeout"))).toEqual(["b idle-timeout 55000"]);
    expect(named(strictestOf(hops, "total-timeout"))).toEqual(["c total-timeout 300000"]);
    expect(named(strictestOf(hops, "write-timeout"))).toEqual(["b write-timeout 10000"]);
  });

  test("names all hops that are equally strict, in the order of the chain", () => {
    const hops = [hop("a", ["idle-timeout", 60_000]), hop("b", ["idle-timeout", 90_000]), hop("c", ["idle-timeout", 60_000])];
    expect(named(strictestOf(hops, "idle-timeout"))).toEqual(["a idle-timeout 60000", "c idle-timeout 60000"]);
  });

  test("is none where no value is known, none is set, or it cannot be read", () => {
    expect(strictestOf([], "idle-timeout")).toEqual([]);
    expect(strictestOf([hop("a", ["idle-timeout", "none"]), hop("b", ["idle-timeout", "unknown"])], "idle-timeout")).toEqual([]);
    expect(named(strictestOf([hop("a", ["idle-timeout", "unknown"], ["idle-timeout", 5000])], "idle-timeout"))).toEqual([
      "a idle-timeout 5000",
    ]);
  });

  test("for the first byte is the hop's own, else its idle timeout, but not that of the client's connection", () => {
    const own = hop("own", ["first-byte-timeout", 30_000], ["idle-timeout", 10_000]);
    const idle = hop("idle", ["idle-timeout", 40_000], ["idle-timeout", 5000, { side: "client" }]);
    expect(named(candidates([own, idle], "first-byte-timeout"))).toEqual(["own first-byte-timeout 30000", "idle idle-timeout 40000"]);
    expect(named(strictestOf([own, idle], "first-byte-timeout"))).toEqual(["own first-byte-timeout 30000"]);
    // A hop that waits forever for the first byte by its own setting is not ended by its idle timeout.
    expect(strictestOf([hop("off", ["first-byte-timeout", "none"], ["idle-timeout", 10_000])], "first-byte-timeout")).toEqual([]);
  });

  test("counts what is not classified as idle and as total, and what is about the request as neither", () => {
    const hops = [hop("a", ["unclassified", 125_000], ["upload-timeout", 1000], ["connect-timeout", 2000])];
    expect(limitKinds.map((kind) => named(strictestOf(hops, kind)))).toEqual([
      ["a unclassified 125000"],
      ["a unclassified 125000"],
      ["a unclassified 125000"],
      [],
    ]);
  });
});

describe("the heartbeat", () => {
  test.for([
    [60_000, 30_000],
    [55_000, 27_000],
    [5000, 2000],
    [4000, 2000],
    [3999, 1999],
    [1000, 500],
    [2, 1],
    [1, null],
    [0, null],
  ] as const)("for a timeout of %i ms is %s ms", ([timeoutMs, everyMs]) => {
    expect(heartbeatFor(timeoutMs)).toBe(everyMs);
  });

  test("is half of the strictest idle timeout, or none", () => {
    expect(heartbeatOf([])).toEqual({ everyMs: null, idleMs: null, endsBeforeMs: null });
    expect(heartbeatOf([hop("a", ["total-timeout", 30_000])])).toEqual({ everyMs: null, idleMs: null, endsBeforeMs: null });
    expect(heartbeatOf([hop("a", ["idle-timeout", 0])])).toEqual({ everyMs: null, idleMs: 0, endsBeforeMs: null });
  });

  test("reports a total timeout that ends every stream before it", () => {
    const besides = (totalMs: number) => heartbeatOf([hop("a", ["total-timeout", totalMs]), hop("b", ["idle-timeout", 60_000])]);
    expect(besides(30_000)).toEqual({ everyMs: 30_000, idleMs: 60_000, endsBeforeMs: 30_000 });
    expect(besides(30_001).endsBeforeMs).toBeNull();
  });

  const chains = fc.array(
    fc.array(
      fc.record({
        kind: fc.constantFrom<LimitKind[]>(...limitKinds, "unclassified", "upload-timeout", "connect-timeout"),
        ms: fc.oneof(fc.integer({ min: 0, max: 4_000_000 }), fc.constant("none" as const), fc.constant("unknown" as const)),
      }),
    ),
    { maxLength: 6 },
  );
  const hopsOf = (plan: readonly { kind: LimitKind; ms: TimeLimit["ms"] }[][]): HopLimits[] =>
    plan.map((limits, index) => hop(`hop-${index}`, ...limits.map(({ kind, ms }): [LimitKind, TimeLimit["ms"]] => [kind, ms])));

  test("survives every idle timeout of any chain, even if each comes as late again", () => {
    fc.assert(
      fc.property(chains, (plan) => {
        const hops = hopsOf(plan);
        const { everyMs } = heartbeatOf(hops);
        const idle = candidates(hops, "idle-timeout").flatMap(({ ms }) => (typeof ms === "number" ? [ms] : []));
        if (everyMs === null) return idle.length === 0 || Math.min(...idle) < 2;
        return everyMs > 0 && idle.every((ms) => everyMs < ms && 2 * everyMs <= ms);
      }),
      { numRuns: 1000 },
    );
  });

  test("is never longer with one hop more", () => {
    fc.assert(
      fc.property(chains, chains, (plan, more) => {
        const before = heartbeatOf(hopsOf(plan)).everyMs;
        const after = heartbeatOf(hopsOf([...plan, ...more]));
        return before === null || (after.everyMs === null ? (after.idleMs ?? 2) < 2 : after.everyMs <= before);
      }),
    );
  });
});
