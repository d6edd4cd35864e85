// What an experiment proves: nothing, where the same is seen with nothing changed.
import { expect, test } from "vitest";
import { brokenTwice } from "../../../harness/check/cure.ts";
import type { Configuration, Dialect, Edit, Route } from "../../../harness/check/configuration.ts";
import { withoutFault } from "../../../harness/check/findings.ts";
import { investigate } from "../../../harness/check/search.ts";
import type { Experiment, Fault, Tried, Trying } from "../../../harness/check/search.ts";
import type { Facet } from "../../../harness/model/verdict.ts";
import type { ScenarioReport } from "../../../harness/report/report.ts";

const route = { id: "a", place: { file: "f", line: 1, column: 1 } } as Route;
const held: Facet = {
  facet: "headers",
  arm: "header-hold",
  finding: { member: "held" },
  culprit: "nginx",
  evidence: "held 600 ms",
} as Facet;
const faultIn = (trial: string): Fault =>
  ({
    route,
    check: { id: "headers", trial: { kind: trial }, must: { headers: "promptly" }, request: {}, response: {} },
    rule: "held",
    symptom: { facet: "headers" },
    facet: held,
    evidence: held.evidence,
    isGone: ({ report }) => report.outcome === "pass",
  }) as Fault;

const edits: Edit[] = [{ file: "f", start: 0, end: 1, text: "" }];
const dialect = {
  suspects: () => [{ id: "s", directive: "gzip on", place: route.place, edits }],
  remedies: () => [{ title: "gzip off", edits, cost: null, link: "" }],
} as unknown as Dialect;
const none = {} as Configuration;
const playedOn = new Map([[route.id, [faultIn("header-hold")]]]);

/** Trials fail with nothing changed as told, and with a change as told. */
const comingOut = (unchanged: string, changed: string): { trying: Trying; asked: Experiment[] } => {
  const asked: Experiment[] = [];
  const trying: Trying = async (experiments) => {
    asked.push(...experiments);
    return experiments.map(
      (one) =>
        one.faults.map((fault) => ({
          ...fault,
          result: { report: { outcome: one.edits.length === 0 ? unchanged : changed, facets: [] } },
        })) as unknown as Tried,
    );
  };
  return { trying, asked };
};

test("a line is guilty of what is there again with nothing changed, and not without the line", async () => {
  const { blamed, gone } = await investigate(dialect, none, [faultIn("header-hold")], playedOn, comingOut("fail", "pass").trying);
  expect(blamed.map(({ suspect }) => suspect?.directive)).toEqual(["gzip on"]);
  expect(gone).toEqual([]);
});

test("no line is guilty of what is gone with nothing changed", async () => {
  const fault = faultIn("header-hold");
  const { blamed, gone } = await investigate(dialect, none, [fault], playedOn, comingOut("pass", "pass").trying);
  expect(blamed).toEqual([]);
  expect(gone).toEqual([fault]);
});

test("what was only left open then is a fault all the same, and a race is not asked twice", async () => {
  const open = await investigate(dialect, none, [faultIn("header-hold")], playedOn, comingOut("inconclusive", "pass").trying);
  expect(open.blamed).toHaveLength(1);
  const { trying, asked } = comingOut("pass", "pass");
  const race = await investigate(dialect, none, [faultIn("origin-abort")], playedOn, trying);
  expect(race.blamed).toHaveLength(1);
  expect(asked.filter(({ edits: made }) => made.length === 0)).toEqual([]);
});

test("a fault that is gone while its trial fails of another is one all the same, and a refusal is not asked twice", async () => {
  const fault = { ...faultIn("header-hold"), isGone: () => true } as Fault;
  expect((await investigate(dialect, none, [fault], playedOn, comingOut("fail", "pass").trying)).blamed).toHaveLength(1);
  const refused = { ...faultIn("header-hold"), symptom: { facet: "ending", member: "error-response" } } as Fault;
  expect((await investigate(dialect, none, [refused], playedOn, comingOut("pass", "pass").trying)).blamed).toHaveLength(1);
});

test("with a limit that is gone its number goes, too", () => {
  const facet = {
    facet: "ending",
    arm: "silence",
    finding: { member: "incomplete-visible", cause: "idle-limit" },
    culprit: "nginx",
  } as Facet;
  const report = { outcome: "fail", facets: [facet], undecided: [], limits: [{ kind: "idle-limit" }] } as unknown as ScenarioReport;
  expect(withoutFault({ report, trace: null }, { ...faultIn("silence"), facet })).toMatchObject({ outcome: "inconclusive", limits: [] });
});

test("a trial whose fault is gone says so, and is neither failed nor passed", () => {
  const report = { outcome: "fail", facets: [held], undecided: [], limits: [] } as unknown as ScenarioReport;
  expect(withoutFault({ report, trace: null }, faultIn("header-hold"))).toMatchObject({
    outcome: "inconclusive",
    culprit: null,
    facets: [],
    why: expect.stringContaining("it was seen once, and not when the same was played again: held 600 ms"),
  });
});

test("what a change breaks counts when it breaks twice", async () => {
  const check = { id: "silence" };
  const tried = [{ route, check, result: { report: { outcome: "fail" } } }] as unknown as Tried;
  const breaks = (all: Tried): Tried => all.filter(({ result }) => result.report.outcome === "fail");
  const outcomesOf = async (second: string): Promise<string[]> => {
    const [twice = []] = await brokenTwice([{ edits, tried, breaks }], comingOut(second, second).trying);
    return twice.map(({ result }) => result.report.outcome);
  };
  expect(await outcomesOf("fail")).toEqual(["fail"]);
  expect(await outcomesOf("pass")).toEqual(["pass"]);
});
