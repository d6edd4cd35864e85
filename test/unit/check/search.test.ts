// What an experiment proves: nothing, where the same is seen with nothing changed.
import { describe, expect, test } from "vitest";
import { confirmBroken } from "../../../harness/check/fix.ts";
import type { Edit, Route } from "../../../harness/check/configuration.ts";
import { withoutFault } from "../../../harness/check/findings.ts";
import type { CheckedConfig } from "../../../harness/check/server.ts";
import { investigate } from "../../../harness/check/search.ts";
import type { Fault } from "../../../harness/check/search.ts";
import { noting } from "../../../harness/check/tried.ts";
import type { Experiment, Tried, Trials, Trying } from "../../../harness/check/tried.ts";
import type { Facet } from "../../../harness/model/verdict.ts";
import type { ExperimentNotRun } from "../../../harness/report/check-report.ts";
import type { ScenarioReport } from "../../../harness/report/report.ts";

const route = { id: "a", place: { file: "f", line: 1, column: 1 } } as Route;
const held: Facet = {
  facet: "headers",
  case: "header-hold",
  observation: { member: "held" },
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
const config = {
  suspects: () => [{ id: "s", directive: "gzip on", place: route.place, edits }],
  fixes: () => [{ title: "gzip off", edits, cost: null, link: "" }],
} as unknown as CheckedConfig;
const observedOn = new Map([[route.id, [faultIn("header-hold")]]]);

const ranWith = ({ faults }: Experiment, outcome: string): Tried => ({
  ran: faults.map((fault) => ({ ...fault, result: { report: { outcome, facets: [], why: "the lab is gone" } } })) as unknown as Trials,
});

/** The outcome of trials with nothing changed, and with a change. */
const comingOut = (unchanged: string, changed: string): { trying: Trying; asked: Experiment[] } => {
  const asked: Experiment[] = [];
  const trying: Trying = async (experiments) => {
    asked.push(...experiments);
    return experiments.map((one) => ranWith(one, one.edits.length === 0 ? unchanged : changed));
  };
  return { trying, asked };
};

test("a line is the culprit of what is there again with nothing changed, and not without the line", async () => {
  const { blamed, gone } = await investigate(config, [faultIn("header-hold")], observedOn, comingOut("fail", "pass").trying);
  expect(blamed.map(({ suspect }) => suspect?.directive)).toEqual(["gzip on"]);
  expect(gone).toEqual([]);
});

test("no line is the culprit of what is gone with nothing changed", async () => {
  const fault = faultIn("header-hold");
  const { blamed, gone } = await investigate(config, [fault], observedOn, comingOut("pass", "pass").trying);
  expect(blamed).toEqual([]);
  expect(gone).toEqual([fault]);
});

test("no line is the culprit of an upload that was held once: no facet shows it, and it is repeated all the same", async () => {
  const fault = { ...faultIn("paced"), symptom: { feature: "upload" }, facet: null } as Fault;
  const { blamed, gone } = await investigate(config, [fault], observedOn, comingOut("pass", "pass").trying);
  expect({ blamed, gone }).toEqual({ blamed: [], gone: [fault] });
});

test("a fault is not gone by a trial that ended early, which may show another one", async () => {
  const { trying } = comingOut("pass", "pass");
  const early: Trying = async (experiments) =>
    (await trying(experiments)).map((tried) =>
      "ran" in tried ? { ran: tried.ran.map((one) => ({ ...one, result: { ...one.result, isDecided: true as const } })) } : tried,
    );
  expect((await investigate(config, [faultIn("header-hold")], observedOn, early)).gone).toEqual([]);
});

test("what was only left open then is a fault all the same, and a race is not repeated", async () => {
  const open = await investigate(config, [faultIn("header-hold")], observedOn, comingOut("inconclusive", "pass").trying);
  expect(open.blamed).toHaveLength(1);
  const { trying, asked } = comingOut("pass", "pass");
  const race = await investigate(config, [faultIn("origin-abort")], observedOn, trying);
  expect(race.blamed).toHaveLength(1);
  expect(asked.filter(({ edits: made }) => made.length === 0)).toEqual([]);
});

test("a fault that is gone while its trial fails of another is one all the same, and a refusal is not repeated", async () => {
  const fault = { ...faultIn("header-hold"), isGone: () => true } as Fault;
  expect((await investigate(config, [fault], observedOn, comingOut("fail", "pass").trying)).blamed).toHaveLength(1);
  const refused = { ...faultIn("header-hold"), facet: { ...held, facet: "ending", observation: { member: "error-response" } } } as Fault;
  expect((await investigate(config, [refused], observedOn, comingOut("pass", "pass").trying)).blamed).toHaveLength(1);
});

test("streams that are delayed once only were delayed by the machine; streams that are refused were refused by the server", async () => {
  const crowd = (status: number | null): Fault =>
    ({
      ...faultIn("paced"),
      facet: null,
      symptom: { during: "crowd", nth: 2, refusedNth: status === null ? null : 2, status, delayMs: 300 },
    }) as Fault;
  expect((await investigate(config, [crowd(null)], observedOn, comingOut("pass", "pass").trying)).blamed).toEqual([]);
  expect((await investigate(config, [crowd(429)], observedOn, comingOut("pass", "pass").trying)).blamed).toHaveLength(1);
});

test("with a limit that is gone its number goes, too", () => {
  const facet = {
    facet: "ending",
    case: "silence",
    observation: { member: "truncated-visibly", cause: "idle-timeout" },
    culprit: "nginx",
  } as Facet;
  const report = { outcome: "fail", facets: [facet], inconclusive: [], limits: [{ kind: "idle-timeout" }] } as unknown as ScenarioReport;
  expect(withoutFault({ report, trace: null }, { ...faultIn("silence"), facet })).toMatchObject({ outcome: "inconclusive", limits: [] });
});

test("a trial whose fault is gone says so, and is neither failed nor passed", () => {
  const report = { outcome: "fail", facets: [held], inconclusive: [], limits: [] } as unknown as ScenarioReport;
  expect(withoutFault({ report, trace: null }, faultIn("header-hold"))).toMatchObject({
    outcome: "inconclusive",
    culprit: null,
    facets: [],
    why: expect.stringContaining("it was seen once, and not in a second attempt: held 600 ms"),
  });
  // Where no facet shows it, the trial's report says fail by itself.
  const upload = { ...faultIn("paced"), symptom: { feature: "upload" }, facet: null, evidence: "held 617 ms" } as Fault;
  expect(withoutFault({ report: { ...report, outcome: "fail" }, trace: null }, upload)).toMatchObject({
    outcome: "inconclusive",
    headline: "not-judged",
    why: "it was seen once, and not in a second attempt: held 617 ms",
  });
});

test("what a change breaks counts when it breaks in a second attempt, too", async () => {
  const check = { id: "silence" };
  const trials = [{ route, check, result: { report: { outcome: "fail" } } }] as unknown as Trials;
  const breaks = (all: Trials): Trials => all.filter(({ result }) => result.report.outcome === "fail");
  const outcomesOf = async (trying: Trying): Promise<string[] | null> => {
    const [settled = []] = await confirmBroken([{ edits, trials, breaks }], trying);
    return settled && settled.map(({ result }) => result.report.outcome);
  };
  expect(await outcomesOf(comingOut("fail", "fail").trying)).toEqual(["fail"]);
  expect(await outcomesOf(comingOut("pass", "pass").trying)).toEqual(["pass"]);
  // Seen once is not proven, and not disproven either.
  expect(await outcomesOf(async () => [{ notRun: gone }])).toBeNull();
});

const gone = { reason: "server-not-started", why: "the engine is gone" } as const;
const lines = ["gzip on", "sub_filter a b", "proxy_cache c"].map((directive, at) => ({
  id: directive,
  directive,
  place: { ...route.place, line: at + 2 },
  edits: [{ file: "f", start: at, end: at + 1, text: "" }],
}));
const several = { suspects: () => lines, fixes: () => [] } as unknown as CheckedConfig;

/** What comes of the experiment with each line, by its place among them; with nothing changed the fault is there. */
const byLine =
  (outcomes: (string | Tried)[]): Trying =>
  async (experiments) =>
    experiments.map((one) => {
      const outcome = outcomes[one.edits[0]?.start ?? -1] ?? "fail";
      return typeof outcome === "string" ? ranWith(one, outcome) : outcome;
    });

const blamedWith = async (outcomes: (string | Tried)[]) => {
  const experimentsNotRun: ExperimentNotRun[] = [];
  const found = await investigate(several, [faultIn("header-hold")], observedOn, noting(byLine(outcomes), experimentsNotRun));
  return { ...found, experimentsNotRun };
};

test("a line is not blamed while a likelier one was not tried, although its change was, as a fix", async () => {
  const many = Array.from({ length: 7 }, (_, at) => ({
    id: `line ${at}`,
    directive: `line ${at}`,
    place: { ...route.place, line: at + 2 },
    edits: [{ file: "f", start: at, end: at + 1, text: "" }],
  }));
  const fixes = [{ title: "without line 6", edits: many[6]?.edits, cost: null, link: "" }];
  const of = { suspects: () => many, fixes: () => fixes } as unknown as CheckedConfig;
  const outcomes = ["fail", "fail", "fail", "fail", "fail", "pass", "pass"];
  const { blamed } = await investigate(of, [faultIn("header-hold")], observedOn, byLine(outcomes));
  expect(blamed.map(({ suspect }) => suspect?.directive)).toEqual(["line 5"]);
});

test("a line is not blamed because the experiment with a likelier one could not run", async () => {
  const { blamed, experimentsNotRun } = await blamedWith([{ notRun: gone }, "fail", "pass"]);
  expect(blamed.map(({ suspect, unproven }) => [suspect, unproven])).toEqual([
    [
      null,
      "removing this did not fix it: sub_filter a b (f:3); not checked, since the experiment could not run: gzip on (f:2): the engine is gone; without proxy_cache c (f:4) the fault is gone, which proves nothing while a likelier line is not checked",
    ],
  ]);
  expect(experimentsNotRun).toEqual([
    { experiment: "suspect", route: "a", what: "gzip on", at: { file: "f", line: 2, column: 1 }, reason: gone.reason, why: gone.why },
  ]);
});

test("a line is blamed all the same where a less likely one could not be asked", async () => {
  const { blamed, experimentsNotRun } = await blamedWith(["pass", { notRun: gone }]);
  expect(blamed.map(({ suspect }) => suspect?.directive)).toEqual(["gzip on"]);
  expect(experimentsNotRun.map(({ what }) => what)).toEqual(["sub_filter a b"]);
});

test("what the server refuses, it refuses every time: that leaves nothing open", async () => {
  const { blamed, experimentsNotRun } = await blamedWith([{ rejected: { says: "no", at: null } }, "pass"]);
  expect(blamed.map(({ suspect }) => suspect?.directive)).toEqual(["sub_filter a b"]);
  expect(experimentsNotRun).toEqual([]);
});

test("a trial that could not run clears no line and blames none", async () => {
  const { blamed } = await blamedWith(["harness-fault", "pass"]);
  expect(blamed.map(({ suspect, unproven }) => [suspect, unproven])).toEqual([
    [null, expect.stringContaining("not checked, since the experiment could not run: gzip on (f:2): the lab is gone")],
  ]);
});

test("where the trial could not be repeated with nothing changed, no change proves anything", async () => {
  const experimentsNotRun: ExperimentNotRun[] = [];
  const trying: Trying = async (experiments) =>
    experiments.map((one) => (one.edits.length === 0 ? { notRun: gone } : ranWith(one, "pass")));
  const { blamed, gone: over } = await investigate(config, [faultIn("header-hold")], observedOn, noting(trying, experimentsNotRun));
  expect(over).toEqual([]);
  expect(blamed).toMatchObject([{ suspect: null, fixes: [], unproven: expect.stringContaining("could not be repeated") }]);
  expect(experimentsNotRun.map(({ experiment }) => experiment)).toEqual(["repetition"]);
});

describe("with the likeliest fix", () => {
  const checks = ["headers", "events", "reload"].map((id) => ({ ...faultIn("header-hold").check, id }));
  const editOf = (start: number): Edit[] => [{ file: "f", start, end: start + 1, text: "" }];
  const faultOf = (index: number): Fault =>
    ({ ...faultIn("header-hold"), check: checks[index], symptom: { nth: index } }) as unknown as Fault;

  /** What runs with the fix of the first of two faults. `fixesOf`: the lines that end each of them. */
  const runWith = async (fixesOf: number[][], isMended: (fault: Fault) => boolean = () => true): Promise<string[]> => {
    const of = {
      suspects: () => [],
      fixes: (_: Route, { nth }: { nth: number }) =>
        (fixesOf[nth] ?? []).map((start) => ({ title: "fix", edits: editOf(start), cost: null, link: "" })),
    } as unknown as CheckedConfig;
    const { trying, asked } = comingOut("fail", "pass");
    await investigate(of, [faultOf(0), faultOf(1)], new Map([[route.id, checks.map((check) => ({ check }))]]), trying, isMended);
    const [first] = asked.filter(({ edits: made }) => made[0]?.start === fixesOf[0]?.[0]);
    return first?.faults.map(({ check }) => check.id) ?? [];
  };

  test("all trials of a route run where it may be the only one", async () => {
    expect(await runWith([[1], [1]])).toEqual(["headers", "events", "reload"]);
    expect(await runWith([[1], [2, 1]])).toEqual(["headers", "events", "reload"]);
  });

  test("where the route needs another one too, only those that show what is to be mended", async () => {
    expect(await runWith([[1], [2]])).toEqual(["headers", "events"]);
  });

  test("all of them where it is by itself: what the other one mends is no part of the route's fix, or its own is not", async () => {
    expect(await runWith([[1], [2]], ({ check }) => check.id === "headers")).toEqual(["headers", "events", "reload"]);
    expect(await runWith([[1], [2]], ({ check }) => check.id === "events")).toEqual(["headers", "events", "reload"]);
  });
});
