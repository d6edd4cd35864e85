// What a hop does with requests after some have failed, on traces made by hand: only failures are a reason, no rate limit.
import { expect, it } from "vitest";
import { outageIn } from "../../../harness/model/outage.ts";
import type { CaseTrace, Exchange, Trace } from "../../../harness/model/trace.ts";
import { straight, traceOf } from "./judge/traces.ts";

/** Each in turn, as a hop treats it: passes it on, or answers it with this status. */
const requests = (fate: (at: number, isFailing: boolean) => "passed on" | number): Trace => {
  const trace = traceOf({ kind: "origin-failing" }, { nginx: straight });
  const startOf = ({ case: { clients } }: CaseTrace): number =>
    clients[0] && "afterMs" in clients[0].start ? clients[0].start.afterMs : 0;
  const inTurn = trace.cases.toSorted((a, b) => startOf(a) - startOf(b));
  const cases = inTurn.map((one, at): CaseTrace => {
    const status = fate(at, one.case.role === "failing");
    if (status === "passed on") return one;
    const [given] = one.exchanges.filter(({ link }) => link === 1);
    const response = given?.response ?? trace.cases[0]?.exchanges[0]?.response;
    if (!given || !response) throw new Error("the trace has no exchange");
    const refused: Exchange = { ...given, nonce: null, response: { ...response, status } };
    return { ...one, exchanges: [refused] };
  });
  // In any order: when each starts is what counts.
  return { ...trace, cases: cases.toReversed() };
};

/** As nginx does with max_fails=1 on servers that a failing request tries in turn. */
const leavesOutAfter = (most: number): Trace => {
  let failed = 0;
  return requests((_, isFailing) => {
    if (failed >= most) return 502;
    failed += Number(isFailing);
    return "passed on";
  });
};

/** As nginx does with limit_req: `passed` at first, and then one of so many. */
const limits = (passed: number, oneOf: number): Trace =>
  requests((at) => (at < passed || (at - passed) % oneOf === oneOf - 1 ? "passed on" : 503));

it("the number of failures is that of those that reached the application", () => {
  expect(outageIn(leavesOutAfter(1))).toEqual({ failures: 1, status: 502 });
  expect(outageIn(leavesOutAfter(3))).toEqual({ failures: 3, status: 502 });
  expect(outageIn(requests(() => "passed on"))).toBeNull();
});

it.each([
  ["without a burst, of 1 to 5 requests a second", [2, 3, 5, 7].map((oneOf) => limits(1, oneOf))],
  ["whose burst ends before the first failure", [2, 3, 4].map((passed) => limits(passed, 7))],
  ["that refuses a failing request before any other", [6, 8].map((passed) => limits(passed, 7))],
])("a rate limit %s is not taken for it", (_, traces) => {
  expect(traces.map(outageIn)).toEqual(traces.map(() => null));
});
