// What a scenario says against what the wire did, on verdicts made by hand.
import { describe, expect, it } from "vitest";
import type { Does, Must, Scenario, Trial } from "../../../harness/define.ts";
import { decide } from "../../../harness/model/outcome.ts";
import type { Facet, Verdict } from "../../../harness/model/verdict.ts";

const common = { case: "a", culprit: "bad", evidence: "bad was seen to do so", hops: [] };
const lateEvents: Facet = { ...common, facet: "delivery", observation: { member: "lagging", records: 1, lagMs: 150 } };
const ending = (observation: Extract<Facet, { facet: "ending" }>["observation"]): Facet => ({ ...common, facet: "ending", observation });
const whole: Facet = { ...ending({ member: "complete" }), culprit: null };
const verdictOf = (...facets: Facet[]): Verdict => ({ facets, inconclusive: [], limits: [] });

const base = { title: "t", chain: [{ app: "sse" }, "bad"] as Scenario["chain"] };
const must = (requirement: Must, trial: Trial = { kind: "lock-step" }): Scenario => ({ ...base, trial, must: requirement });
const does = (known: Does): Scenario => ({ ...base, trial: { kind: "lock-step" }, does: known, because: "https://example.invalid" });

describe("a requirement", () => {
  it("fails on an observed fault, even if something else is inconclusive", () => {
    const decided = decide(
      must({ deliver: "incrementally", end: "complete" }),
      verdictOf(ending({ member: "malformed", what: "a newline" })),
    );
    expect(decided).toMatchObject({ outcome: "fail", headline: "malformed", why: "must end: complete, but bad was seen to do so" });
  });

  it("does not pass untested, and reports what was seen instead", () => {
    const decided = decide(must({ headers: "promptly" }), verdictOf(lateEvents));
    expect(decided).toMatchObject({ outcome: "inconclusive", why: "headers: promptly is not tested by this trial: bad was seen to do so" });
  });

  it.for([
    [504, "pass"],
    [200, "fail"],
  ] as const)("takes an answer of %i in the origin's place for a visible end: %s", ([status, outcome]) => {
    const found = ending({ member: "error-response", status, cause: "own", afterMs: 3 });
    expect(decide(must({ end: "visibly" }, { kind: "origin-abort" }), verdictOf(found)).outcome).toBe(outcome);
  });

  it.for([
    [1000, "pass"],
    [50, "inconclusive"],
  ] as const)("that a drop be noticed within %i ms: 87 ms, of which it is open by what, is %s", ([withinMs, outcome]) => {
    const atOnce: Facet = { ...common, case: "b", culprit: null, facet: "disconnect", observation: { member: "propagated", afterMs: 2 } };
    const open = { facet: "disconnect" as const, case: "a", why: "too busy", byMachine: true as const, withinMs: 87 };
    const required = must({ noticeDisconnectWithinMs: withinMs }, { kind: "client-leaving" });
    expect(decide(required, { ...verdictOf(atOnce), inconclusive: [open] }).outcome).toBe(outcome);
  });

  describe("that a silence be survived", () => {
    const silence = (silentMs?: number): Trial => ({ kind: "silence", ...(silentMs === undefined ? {} : { silentMs }) });
    const limit = ending({ member: "truncated-visibly", cause: "idle-timeout", afterMs: 60_000, how: "RST" });
    const lost = ending({ member: "truncated-silently", cause: "own", afterMs: 3004, how: "1 of 2 records came", decoderCanTell: false });

    it.for([
      ["is not proven by a shorter one", silence(2000), whole, "inconclusive"],
      ["is not proven by a trial without any", { kind: "lock-step" }, whole, "inconclusive"],
      ["is proven by one as long", silence(3000), whole, "pass"],
      ["is proven by a trial whose length follows from it", silence(), whole, "pass"],
      ["holds where only a longer one is cut", silence(60_000), limit, "pass"],
      ["fails if the record after the silence never arrived", silence(3000), lost, "fail"],
    ] as const satisfies readonly (readonly [string, Trial, Facet, string])[])("%s", ([, trial, facet, outcome]) => {
      expect(decide(must({ surviveSilenceMs: 3000 }, trial), verdictOf(facet)).outcome).toBe(outcome);
    });

    it("takes the longest that a first-byte timeout can have been", () => {
      const answered = { member: "error-response", status: 504, cause: "first-byte-timeout", afterMs: 2800 } as const;
      const outcomes = [{}, { atMostMs: 2990 }, { atMostMs: 3010 }].map(
        (atMost) => decide(must({ surviveSilenceMs: 3000 }, silence()), verdictOf(ending({ ...answered, ...atMost }))).outcome,
      );
      expect(outcomes).toEqual(["fail", "fail", "pass"]);
    });

    it("requires no cause: a cut that is late enough may stay unclassified", () => {
      const cut = ending({ member: "truncated-visibly", cause: "unclassified", afterMs: 60_000, how: "RST" });
      const open = { facet: "ending", why: "the machine stood still", byMachine: true } as const;
      const decided = (trialCase: string): string =>
        decide(must({ surviveSilenceMs: 3000 }, silence()), { ...verdictOf(cut), inconclusive: [{ ...open, case: trialCase }] }).outcome;
      expect([decided("a"), decided("b")]).toEqual(["pass", "inconclusive"]);
    });
  });
});

describe("a characterization", () => {
  it("finds its culprit in any case that shows it", () => {
    const byAnother: Facet = { ...lateEvents, case: "b", culprit: "other" };
    expect(decide(does({ deliver: "lagging", culprit: "bad" }), verdictOf(byAnother, lateEvents)).outcome).toBe("pass");
    expect(decide(does({ deliver: "lagging", culprit: "third" }), verdictOf(byAnother, lateEvents))).toMatchObject({
      outcome: "fail",
      why: "does deliver: lagging with culprit third, but the culprit is other: bad was seen to do so",
    });
  });

  it("of a clean member needs all cases to show it", () => {
    const fine: Facet = {
      ...common,
      culprit: null,
      facet: "delivery",
      observation: { member: "incremental", medianLagMs: 0, worstLagMs: 0, unexplained: 0, by: "paced" },
    };
    const open = { ...verdictOf(fine), inconclusive: [{ facet: "delivery" as const, case: "b", why: "too busy" }] };
    expect(decide(does({ deliver: "incremental" }), open).outcome).toBe("inconclusive");
    expect(decide(does({ deliver: "incremental" }), { ...open, facets: [fine, lateEvents] }).outcome).toBe("fail");
  });

  describe("that holds with some values of an axis only", () => {
    const cases = ["h1", "h1-tls", "h2"].map((clients) => ({ id: clients, point: { clients } }));
    const at = (id: string, isCut: boolean): Facet => ({ ...(isCut ? ending(silently) : whole), case: id });
    const silently = { member: "truncated-silently", cause: "origin-abort", missing: "4 of 8 records" } as never;
    const scenario: Scenario = { ...does({ end: "truncated-silently" }), when: { clients: ["h1", "h1-tls"] } };

    it("is seen with each of them, and with no other", () => {
      expect(decide(scenario, verdictOf(at("h1", true), at("h1-tls", true), at("h2", false)), cases).outcome).toBe("pass");
    });

    it("fails where one of them does not show it, or where another value does", () => {
      expect(decide(scenario, verdictOf(at("h1", true), at("h1-tls", false), at("h2", false)), cases)).toMatchObject({
        outcome: "fail",
        why: "does end: truncated-silently, but the wire showed complete: bad was seen to do so",
      });
      expect(decide(scenario, verdictOf(at("h1", true), at("h1-tls", true), at("h2", true)), cases)).toMatchObject({
        outcome: "fail",
        why: "does end: truncated-silently with clients: h1, h1-tls only, but also with clients: h2: bad was seen to do so",
      });
    });

    it("is inconclusive where a value was not tested, or is not swept", () => {
      expect(decide(scenario, verdictOf(at("h1", true), at("h1-tls", true)), cases)).toMatchObject({
        outcome: "inconclusive",
        why: "end is not tested with clients: h2",
      });
      const elsewhere: Scenario = { ...scenario, when: { clients: ["h2c"] } };
      expect(decide(elsewhere, verdictOf(at("h1", true)), cases)).toMatchObject({ why: "no case of this trial has clients: h2c" });
    });
  });
});
