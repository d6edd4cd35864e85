// A request that a server sends again because the application takes long: reported only where its method is not idempotent.
import { expect, it } from "vitest";
import { repeatedFaults } from "../../../harness/check/repeated.ts";
import { checksOf } from "../../../harness/check/checks.ts";
import type { Check } from "../../../harness/check/checks.ts";
import type { Route } from "../../../harness/check/configuration.ts";
import type { Trace } from "../../../harness/model/trace.ts";
import type { Result } from "../../../harness/session/attempt.ts";
import { straight, traceOf } from "../model/judge/traces.ts";

const route = { id: ":80/" } as Route;
const once = traceOf({ kind: "first-byte-wait", waitMs: 1000 }, { nginx: straight }, { confirmed: false });
const twice: Trace = {
  ...once,
  cases: once.cases.map((one) => ({ ...one, exchanges: one.exchanges.flatMap((e) => (e.link === 0 ? [e, e] : [e])) })),
};
const resultOf = (trace: Trace): Result => ({ trace, report: { facets: [{}], limits: [] } }) as unknown as Result;
const checkFor = (purpose: "llm" | "sse"): Check => checksOf(purpose).find(({ id }) => id === "first-byte") as Check;
const rulesOf = (purpose: "llm" | "sse", trace: Trace): string[] =>
  repeatedFaults(route, [{ check: checkFor(purpose), result: resultOf(trace) }], ["nginx"]).map(({ rule }) => rule);

it.each([
  ["a POST that is sent twice", "llm", twice, ["retried"]],
  ["a POST that is sent once", "llm", once, []],
  ["a GET that is sent twice", "sse", twice, []],
] as const)("of %s", (_, purpose, trace, rules) => {
  expect(rulesOf(purpose, trace)).toEqual(rules);
});

it("is gone where another attempt sends it once, and not where it is sent twice again", () => {
  const [fault] = repeatedFaults(route, [{ check: checkFor("llm"), result: resultOf(twice) }], ["nginx"]);
  expect(fault?.evidence).toBe("nginx sent the same POST request to its upstream 2 times, since no response came in time");
  expect([once, twice].map((trace) => fault?.isGone(resultOf(trace)))).toEqual([true, false]);
});
