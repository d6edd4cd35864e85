import { expect, test } from "vitest";
import type { PlayedCheck } from "../../../harness/check/check.ts";
import type { Route } from "../../../harness/check/configuration.ts";
import type { Proven } from "../../../harness/check/cure.ts";
import type { Blamed, Experiment, Fault, Tried, Trying } from "../../../harness/check/search.ts";
import { cureTogether } from "../../../harness/check/together.ts";

const route = { id: "a" } as Route;
const playedCheck = (id: string, outcome: string): PlayedCheck =>
  ({ check: { id }, result: { report: { outcome } } }) as unknown as PlayedCheck;
const played = [playedCheck("events", "fail"), playedCheck("headers", "fail"), playedCheck("head", "pass")];
const playedOn = new Map([[route.id, played]]);

const blamedOf = (check: string): Blamed => {
  const isGone: Fault["isGone"] = ({ report }) => report.outcome === "pass";
  return { faults: [{ route, check: { id: check }, isGone, symptom: { facet: "delivery" } }] } as unknown as Blamed;
};
const cure = (title: string, start: number, end: number, text: string): Proven =>
  ({ cure: { title }, edits: [{ file: "f", start, end, text }] }) as unknown as Proven;

const blamed = [blamedOf("events"), blamedOf("headers")];
const inserts = [cure("one", 5, 5, "proxy_buffering off;"), cure("two", 5, 5, "proxy_read_timeout 1h;")];

/** Every trial comes out as told, pass by default; null: the server refuses it. */
const comingOut = (outcomes: Record<string, string> | null): { trying: Trying; asked: Experiment[] } => {
  const asked: Experiment[] = [];
  const trying: Trying = async (experiments) => {
    asked.push(...experiments);
    return experiments.map(({ faults }) =>
      outcomes === null
        ? null
        : (faults.map((fault) => ({ ...fault, result: { report: { outcome: outcomes[fault.check.id] ?? "pass" } } })) as unknown as Tried),
    );
  };
  return { trying, asked };
};

test("two insertions at one place are both made, and all trials are played with both", async () => {
  const { trying, asked } = comingOut({});
  const { edits, left } = await cureTogether(blamed, inserts, [route], playedOn, trying);
  expect(edits.map(({ text }) => text)).toEqual(["proxy_buffering off;", "proxy_read_timeout 1h;"]);
  expect(left).toEqual([]);
  expect(asked.map(({ faults }) => faults.map(({ check }) => check.id))).toEqual([["events", "headers", "head"]]);
});

test.for([
  ["that the server refuses", null],
  ["of which one does not cure any more", { headers: "fail" }],
  ["that break something together", { head: "fail" }],
] as const)("of cures %s the first is made, and the other told", async ([, outcomes]) => {
  const { edits, left } = await cureTogether(blamed, inserts, [route], playedOn, comingOut(outcomes).trying);
  expect(edits.map(({ text }) => text)).toEqual(["proxy_buffering off;"]);
  expect(left).toEqual(["two"]);
});

test("cures that change the same text do not fit, and one that two faults share is one", async () => {
  const { trying, asked } = comingOut({});
  const overlapping = [cure("one", 5, 9, "x"), cure("two", 7, 12, "y")];
  expect(await cureTogether(blamed, overlapping, [route], playedOn, trying)).toMatchObject({ edits: [{ text: "x" }], left: ["two"] });
  const shared = [cure("one", 5, 5, "x"), cure("one", 5, 5, "x")];
  expect((await cureTogether(blamed, shared, [route], playedOn, trying)).left).toEqual([]);
  expect(asked).toEqual([]);
});
