// What the events of `hopwise origin` prove.
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { judgeResponse } from "../../../harness/probe/judge/judge.ts";
import type { Observed } from "../../../harness/probe/judge/observation.ts";
import { knownEventOf, knownEventText } from "../../../harness/probe/judge/known-event.ts";
import { knownEvents, observed } from "./_observed.ts";

const findingsOf = (one: Observed): string[] =>
  judgeResponse(one)
    .findings.filter(({ facet }) => facet !== "about")
    .map(({ level, facet, kind }) => `${level} ${facet} ${kind}`);

const written = [1000, 2000, 2100, 3100, 4100, 4200, 5200, 6200];
const arriving = (delayOf: (writtenMs: number, index: number) => number) =>
  knownEvents(written.map((writtenMs, index) => ({ writtenMs, atMs: writtenMs + delayOf(writtenMs, index) })));
const fine = ["ok delivery on-time", "ok headers prompt", "ok ending complete"];

describe("a known origin", () => {
  it("is fine however far it is, and whatever its clock says", () => {
    expect(
      findingsOf(
        observed(
          arriving(() => 120),
          { headMs: 120, connectMs: 110 },
        ),
      ),
    ).toEqual(fine);
  });

  it("shows what an outsider cannot see: each event a second late, one by one", () => {
    const late = observed(
      arriving(() => 1020),
      { headMs: 20 },
    );
    expect(findingsOf(late)[0]).toBe("error delivery held");
    expect(judgeResponse(late, { asOutsider: true }).findings[0]).toMatchObject({ level: "ok", arrival: { seen: "one-by-one" } });
  });

  it("shows what is held to the end", () => {
    const [found] = judgeResponse(observed(arriving((writtenMs) => 6201 - writtenMs))).findings;
    expect(found).toMatchObject({ kind: "held", lateness: { events: 8, late: 7, isReleasedAtTheEnd: true } });
  });

  it("shows a header section that waits for the first event", () => {
    expect(
      findingsOf(
        observed(
          arriving(() => 1),
          { headMs: 1001 },
        ),
      ),
    ).toContain("warning headers held");
  });

  it("shows a constant delay, which is too short to be late", () => {
    expect(findingsOf(observed(arriving(() => 42)))[0]).toBe("warning delivery steadily-late");
  });

  it("one late event is jitter, two of eight are not", () => {
    const lateAt = (...late: number[]) => findingsOf(observed(arriving((_, index) => (late.includes(index) ? 150 : 1))))[0];
    expect(lateAt(3)).toBe("ok delivery on-time");
    expect(lateAt(3, 6)).toBe("error delivery held");
  });

  it("is not late while this process stood still", () => {
    const stalls = [
      [1001, 1300],
      [4101, 4380],
    ] as const;
    const late = arriving((writtenMs) => ({ 1000: 300, 4100: 280 })[writtenMs] ?? 1);
    expect(findingsOf(observed(late))[0]).toBe("error delivery held");
    expect(findingsOf(observed(late, { stalls }))[0]).toBe("ok delivery on-time");
  });

  it("shows missing, repeated and changed events", () => {
    const all = arriving(() => 1);
    const [first, second] = all;
    const changed = { ...second!, text: second!.text.replace('"of":8', '"of":9') };
    expect(findingsOf(observed(all.slice(0, 6)))).toContain("error ending missing");
    expect(findingsOf(observed([first!, first!, ...all.slice(1)]))).toContain("error integrity repeated");
    expect(findingsOf(observed([first!, changed, ...all.slice(2)]))).toEqual([...fine, "error integrity altered"]);
  });

  it("that cuts its response is to be seen to do so", () => {
    const cut = knownEvents([{ writtenMs: 100, atMs: 101 }], "reset");
    const endingOf = (end: Observed["end"]): string | undefined => findingsOf(observed(cut, { end })).find((one) => one.includes("ending"));
    expect(endingOf({ how: "cut", sign: "RST", atMs: 110 })).toBe("ok ending cut-visible");
    expect(endingOf({ how: "complete", atMs: 110 })).toBe("error ending cut-silently");
    expect(endingOf({ how: "open", because: "time", atMs: 4000 })).toBe("error ending hung");
    expect(endingOf({ how: "open", because: "time", atMs: 1000 })).toBe("ok ending open");
  });

  it("any hold of 300 ms and more of two events is seen", () => {
    const holds = fc.array(fc.oneof(fc.constant(0), fc.integer({ min: 300, max: 9000 })), { minLength: 8, maxLength: 8 });
    fc.assert(
      fc.property(holds, fc.integer({ min: 0, max: 40 }), (held, jitterMs) => {
        fc.pre(held.filter((ms) => ms > 0).length >= 2);
        let before = 0;
        // Bytes of a stream keep their order.
        const all = arriving(
          (writtenMs, index) => (before = Math.max(before - writtenMs, held[index]! + (index % 2) * jitterMs, 0) + writtenMs) - writtenMs,
        );
        expect(findingsOf(observed(all))[0]).toBe("error delivery held");
      }),
    );
  });
});

describe("an event's text", () => {
  const event = {
    hopwise: 1,
    request: "b2",
    attempt: 1,
    event: 2,
    of: 3,
    receivedMs: 1.5,
    headMs: 2,
    writtenMs: 3,
    end: "complete",
  } as const;

  it("is read again", () => {
    expect(knownEventOf(knownEventText(event, "xx"))).toMatchObject(event);
    expect(knownEventOf('{"other":1}')).toBeNull();
    expect(knownEventOf(knownEventText({ ...event, of: "\u001B[31m" as never }, ""))).toBe("altered");
  });

  it("with any byte changed is not taken for it", () => {
    const text = knownEventText(event, "filler");
    fc.assert(
      fc.property(fc.nat(text.length - 1), fc.integer({ min: 1, max: 127 }), (at, bits) => {
        const changed = `${text.slice(0, at)}${String.fromCharCode(text.charCodeAt(at) ^ bits)}${text.slice(at + 1)}`;
        expect(knownEventOf(changed)).toSatisfy((found) => found === null || found === "altered");
      }),
    );
  });
});
