// What an outsider can conclude from when records arrived.
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { judgeResponse } from "../../../harness/probe/judge/judge.ts";
import type { Observed } from "../../../harness/probe/judge/observation.ts";
import { events, observed } from "./_observed.ts";

const deliveryOf = (one: Observed) => {
  const [found] = judgeResponse(one).findings.filter(({ facet }) => facet === "delivery");
  return found;
};
const seenOf = (one: Observed): string => {
  const found = deliveryOf(one);
  return found?.kind === "arrival" ? `${found.level} ${found.arrival.seen}` : `${found?.level} ${found?.kind}`;
};

describe("records by their arrival", () => {
  it("one by one", () => {
    expect(deliveryOf(observed(events([100, 200, 320, 400])))).toMatchObject({
      level: "ok",
      arrival: { seen: "one-by-one", records: 4, medianGapMs: 100, longestGapMs: 120 },
    });
  });

  it("twelve within 4 ms after 9.8 s of silence, in a stream that goes on", () => {
    const times = [...Array.from({ length: 12 }, (_, index) => 9800 + index / 3), 10_800];
    expect(deliveryOf(observed(events(times), { headMs: 5 }))).toMatchObject({
      level: "error",
      arrival: { seen: "clumps", records: 13, inClumps: 12, clumps: [{ records: 12, afterMs: 9795 }] },
    });
  });

  it("all at the end", () => {
    expect(seenOf(observed(events([4000, 4000, 4001])))).toBe("error all-at-the-end");
  });

  it("a hop that measures the whole has held it: Content-Length makes no other thing of events", () => {
    const whole = observed(events([4000, 4000, 4001]));
    expect(seenOf({ ...whole, head: { ...whole.head!, framing: "content-length" } })).toBe("error all-at-the-end");
  });

  it("two at once are common in applications", () => {
    expect(seenOf(observed(events([500, 500, 1000, 1500, 1500])))).toBe("warning clumps");
    // The second of three was late by chance.
    expect(seenOf(observed(events([500, 1000, 1002])))).toBe("note clumps");
    expect(seenOf(observed(events([500, 1000, 1002, 1500, 1502])))).toBe("warning clumps");
    expect(seenOf(observed(events([500, 500, 1000, 1500])))).toBe("note clumps");
    expect(seenOf(observed(events([500, 500, ...Array.from({ length: 20 }, (_, index) => 600 + 60 * index)])))).toBe("note clumps");
  });

  it("what comes with the header section may be what the application had in store", () => {
    const backlog = [400, 400, 400, 400];
    expect(seenOf(observed(events([...backlog, 900, 1500]), { headMs: 399 }))).toBe("ok flow");
    expect(seenOf(observed(events([...backlog, 900, 1500]), { headMs: 50 }))).toBe("error clumps");
    expect(seenOf(observed(events(backlog), { headMs: 399 }))).toBe("open at-once");
    expect(seenOf(observed(events(backlog.map((at) => at + 3000)), { headMs: 3399 }))).toBe("error all-at-the-end");
  });

  it("a fast stream is no clump: no silence precedes it", () => {
    const times = Array.from({ length: 100 }, (_, index) => 20 + 2 * index);
    expect(seenOf(observed(events(times)))).toBe("ok flow");
    // An application that thinks first.
    expect(seenOf(observed(events(times.map((at) => at + 500))))).toBe("ok flow");
  });

  it.for([
    ["open too-few", events([900]), { end: { how: "open", because: "time", atMs: 3000 } }],
    ["open at-once", events([3, 3, 4]), {}],
    ["open no-stream", [{ atMs: 3, text: "<p>hello</p>" }], { type: "text/html" }],
    ["undefined undefined", [{ atMs: 3, text: "no" }], { status: 404 }],
  ] as const)("%s", ([seen, records, given]) => {
    expect(seenOf(observed(records, given))).toBe(seen);
  });

  it("what arrived while this process stood still is no clump", () => {
    expect(seenOf(observed(events([100, 400, 400, 700]), { stalls: [[195, 400]] }))).toBe("ok flow");
  });

  it("chunks of an unknown type accuse nobody: one write may be read in several pieces", () => {
    const pieces = [500, 501, 502, 1000, 1001, 1002].map((atMs) => ({ atMs, text: "x".repeat(1000) }));
    const open = { how: "open", because: "time", atMs: 2000 } as const;
    expect(seenOf(observed(pieces, { type: "application/octet-stream", end: open }))).toBe("warning clumps");
  });
});

describe("any release pattern", () => {
  const groups = fc.array(fc.record({ waitMs: fc.integer({ min: 300, max: 5000 }), records: fc.integer({ min: 1, max: 9 }) }), {
    minLength: 1,
    maxLength: 12,
  });
  /** Within a release, reads are less than a millisecond apart. */
  const timesOf = (all: readonly { waitMs: number; records: number }[], spreadMs: number): number[] => {
    let at = 0;
    return all.flatMap(({ waitMs, records }) => {
      at += waitMs;
      return Array.from({ length: records }, (_, index) => (at += index === 0 ? 0 : spreadMs));
    });
  };

  it("with a release of several after 300 ms and more is never said to arrive one by one", () => {
    fc.assert(
      fc.property(
        groups,
        fc.double({ min: 0, max: 0.9, noNaN: true }),
        fc.constantFrom("complete", "open", "cut"),
        (all, spreadMs, how) => {
          fc.pre(all.some(({ records }) => records > 1));
          const times = timesOf(all, spreadMs);
          const atMs = (times.at(-1) ?? 0) + 20;
          const end = { complete: { how, atMs }, open: { how, because: "time", atMs }, cut: { how, sign: "RST", atMs } }[
            how
          ] as Observed["end"];
          const found = deliveryOf(observed(events(times), { end }));
          expect(found?.kind === "arrival" ? found.arrival.seen : found?.kind).toMatch(/^(clumps|all-at-the-end)$/);
          expect(found?.level).toMatch(/^(note|warning|error)$/);
        },
      ),
    );
  });

  it("of single records, 20 ms apart and more, is never said to come in clumps", () => {
    fc.assert(
      fc.property(fc.array(fc.double({ min: 20, max: 4000, noNaN: true }), { minLength: 3, maxLength: 60 }), (gaps) => {
        let at = 0;
        expect(seenOf(observed(events(gaps.map((gap) => (at += gap)))))).toBe("ok one-by-one");
      }),
    );
  });
});
