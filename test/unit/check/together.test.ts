import { expect, test } from "vitest";
import type { ObservedCheck } from "../../../harness/check/observed.ts";
import type { Route } from "../../../harness/check/configuration.ts";
import type { Proven } from "../../../harness/check/fix.ts";
import type { Blamed, Fault } from "../../../harness/check/search.ts";
import { fixTogether } from "../../../harness/check/together.ts";
import type { Experiment, Problem, Trials, Trying } from "../../../harness/check/tried.ts";

const route = { id: "a" } as Route;
const observedCheck = (id: string, outcome: string): ObservedCheck =>
  ({ check: { id }, result: { report: { outcome } } }) as unknown as ObservedCheck;
const observed = [observedCheck("events", "fail"), observedCheck("headers", "fail"), observedCheck("head", "pass")];
const observedOn = new Map([[route.id, observed]]);

const blamedOf = (check: string): Blamed => {
  const isGone: Fault["isGone"] = ({ report }) => report.outcome === "pass";
  return { faults: [{ route, check: { id: check }, isGone, symptom: { facet: "delivery" } }] } as unknown as Blamed;
};
const fix = (title: string, start: number, end: number, text: string): Proven =>
  ({ fix: { title }, edits: [{ file: "f", start, end, text }] }) as unknown as Proven;

const blamed = [blamedOf("events"), blamedOf("headers")];
const inserts = [fix("one", 5, 5, "proxy_buffering off;"), fix("two", 5, 5, "proxy_read_timeout 1h;")];

const refusal = { says: "duplicate", at: null };
const problem: Problem = { reason: "server-not-started", why: "the engine is gone" };

/** Every trial has the given outcome, by default a pass; null: the server refuses it. */
const comingOut = (outcomes: Record<string, string> | Problem | null): { trying: Trying; asked: Experiment[] } => {
  const asked: Experiment[] = [];
  const trying: Trying = async (experiments) => {
    asked.push(...experiments);
    return experiments.map(({ faults }) => {
      if (outcomes === null) return { rejected: refusal };
      if (outcomes === problem) return { notRun: problem };
      const outcomeOf = (id: string): string => (outcomes as Record<string, string>)[id] ?? "pass";
      return {
        ran: faults.map((fault) => ({ ...fault, result: { report: { outcome: outcomeOf(fault.check.id) } } })) as unknown as Trials,
      };
    });
  };
  return { trying, asked };
};

test("two insertions at one place are both made, and all trials run with both", async () => {
  const { trying, asked } = comingOut({});
  const { edits, left } = await fixTogether(blamed, inserts, [route], observedOn, trying);
  expect(edits.map(({ text }) => text)).toEqual(["proxy_buffering off;", "proxy_read_timeout 1h;"]);
  expect(left).toEqual([]);
  expect(asked.map(({ faults }) => faults.map(({ check }) => check.id))).toEqual([["events", "headers", "head"]]);
});

test.for([
  ["that the server refuses", null],
  ["of which one does not fix any more", { headers: "fail" }],
  ["that break something together", { head: "fail" }],
  ["that could not be tried", problem],
] as const)("of fixes %s the first is made, and the other reported", async ([, outcomes]) => {
  const { edits, left } = await fixTogether(blamed, inserts, [route], observedOn, comingOut(outcomes).trying);
  expect(edits.map(({ text }) => text)).toEqual(["proxy_buffering off;"]);
  expect(left).toEqual(["two"]);
});

test("fixes that change the same text do not fit, and one that two faults share is one", async () => {
  const { trying, asked } = comingOut({});
  const overlapping = [fix("one", 5, 9, "x"), fix("two", 7, 12, "y")];
  expect(await fixTogether(blamed, overlapping, [route], observedOn, trying)).toMatchObject({ edits: [{ text: "x" }], left: ["two"] });
  const shared = [fix("one", 5, 5, "x"), fix("one", 5, 5, "x")];
  expect((await fixTogether(blamed, shared, [route], observedOn, trying)).left).toEqual([]);
  expect(asked).toEqual([]);
});
