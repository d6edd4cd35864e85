// One fix per route: as few of the proven changes as keep everything passing, proven as a whole.
import { execFileSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import type { Route } from "../../../harness/check/configuration.ts";
import { applyEdits } from "../../../harness/check/edits.ts";
import { diffOf } from "../../../harness/check/fix.ts";
import type { Proven } from "../../../harness/check/fix.ts";
import type { ObservedCheck } from "../../../harness/check/observed.ts";
import { changesOfSets } from "../../../harness/check/route-changes.ts";
import { fixPerRoute } from "../../../harness/check/route-fix.ts";
import type { Blamed, Fault } from "../../../harness/check/search.ts";
import type { CheckedConfig } from "../../../harness/check/server.ts";
import type { Experiment, Trials, Trying } from "../../../harness/check/tried.ts";

const route = { id: "a", place: { file: "f" } } as Route;
const other = { id: "b", place: { file: "f" } } as Route;
const text = "0123456789";
const file = { path: "f", target: "/f", text, bytes: Buffer.from(text) };
const config = { deployment: { files: [file] }, routes: [route, other], routesIn: () => [route, other] } as unknown as CheckedConfig;

const faultOf = (check: string): Fault =>
  ({
    route,
    check: { id: check },
    evidence: `${check} fails`,
    isGone: ({ report }: { report: { outcome: string } }) => report.outcome === "pass",
  }) as unknown as Fault;
const blamedOf = (...checks: string[]): Blamed => ({ faults: checks.map(faultOf) }) as unknown as Blamed;

const trialsOf = (outcomes: Record<string, string>): Trials =>
  Object.entries(outcomes).map(([id, outcome]) => ({
    route,
    check: { id },
    result: { report: { outcome, facets: [], why: `${id}: ${outcome}` } },
  })) as unknown as Trials;

/** `passing`: the checks that pass with it alone. */
const provenOf = (name: string, start: number, passing: string[], all: string[]): Proven => ({
  fix: { title: name, diff: "", headers: null, before: "", after: "", costs: [`cost of ${name}`], link: "" },
  edits: [{ file: "f", start, end: start, text: name }],
  whole: trialsOf(Object.fromEntries(all.map((id) => [id, passing.includes(id) ? "pass" : "fail"]))),
});

const observedOf = (...failing: string[]): Map<string, ObservedCheck[]> =>
  new Map([
    [
      route.id,
      [...failing, "head"].map((id) => ({ check: { id }, result: { report: { outcome: id === "head" ? "pass" : "fail", facets: [] } } })),
    ],
  ]) as unknown as Map<string, ObservedCheck[]>;

/** What passes is decided by the names of the changes that are made. */
const machine = (passes: (check: string, made: string[]) => boolean): { trying: Trying; asked: string[][] } => {
  const asked: string[][] = [];
  const trying: Trying = async (experiments) =>
    experiments.map(({ edits, faults }: Experiment) => {
      const made = edits.map((edit) => edit.text);
      asked.push(made);
      return { ran: trialsOf(Object.fromEntries(faults.map(({ check }) => [check.id, passes(check.id, made) ? "pass" : "fail"]))) };
    });
  return { trying, asked };
};

const all = ["x", "y", "z", "head"];

test("a change that ends every fault by itself is the fix of the route, without an experiment", async () => {
  const blamed = [blamedOf("x"), blamedOf("y"), blamedOf("z")];
  const fixes = [
    provenOf("A", 1, ["x", "head"], all),
    provenOf("B", 2, ["x", "y", "z", "head"], all),
    provenOf("A", 1, ["x", "head"], all),
  ];
  const { trying, asked } = machine(() => true);
  const made = await fixPerRoute(config, blamed, fixes, observedOf("x", "y", "z"), trying);
  expect(made.map((one) => one?.edits.map((edit) => edit.text))).toEqual([["B"], ["B"], ["B"]]);
  expect(made[0]?.fix).toMatchObject({ title: "B", costs: ["cost of B"], before: "x fails", alsoChanges: ["b"] });
  expect(new Set(made.map((one) => one?.fix.diff)).size).toBe(1);
  expect(asked).toEqual([]);
});

test("a change that was seen to end every fault, and not proven to break nothing, is proven", async () => {
  const blamed = [blamedOf("x"), blamedOf("y")];
  const partly = (one: Proven): Proven => ({ ...one, isPartly: true });
  const fixes = [partly(provenOf("A", 1, ["x"], ["x", "y"])), partly(provenOf("B", 2, ["x", "y"], ["x", "y"]))];
  const { trying, asked } = machine(() => true);
  const made = await fixPerRoute(config, blamed, fixes, observedOf("x", "y"), trying);
  expect(asked).toEqual([["B"]]);
  expect(made.map((one) => one?.fix.title)).toEqual(["B", "B"]);
  expect(made.some((one) => one?.isPartly)).toBe(false);
});

test("changes that break something together are no fix, however much each of them was seen to end", async () => {
  const blamed = [blamedOf("x"), blamedOf("y")];
  const fixes = ["x", "y"].map((id, at): Proven => ({ ...provenOf(id, at, [id], ["x", "y"]), isPartly: true }));
  const { trying } = machine((check) => check !== "head");
  expect(await fixPerRoute(config, blamed, fixes, observedOf("x", "y"), trying)).toEqual([null, null]);
});

describe("the changes of a route's set", () => {
  const withFix = (start: number, seen: Record<string, string>, ...checks: string[]): Blamed => {
    const fix = { title: `line ${start}`, edits: [{ file: "f", start, end: start, text: "" }], cost: null, link: "" };
    return { ...blamedOf(...checks), fixes: [fix], seenWith: () => trialsOf(seen) } as unknown as Blamed;
  };
  const linesOf = (blamed: readonly Blamed[], isMended: (one: Blamed) => boolean = () => true): (number | undefined)[] =>
    changesOfSets(config, blamed, isMended).map((change) => change?.edits[0]?.start);
  const [x, y] = [withFix(1, { x: "pass", y: "fail" }, "x"), withFix(2, { x: "fail", y: "pass" }, "y")];

  test("are those that end their own faults, where there are several", () => {
    expect(linesOf([x, y])).toEqual([1, 2]);
    expect(linesOf([x, withFix(1, { x: "pass", y: "pass" }, "y")])).toEqual([undefined, undefined]);
  });

  test("are all that are wanted, or none", () => {
    const both = withFix(3, { x: "fail", y: "fail", z: "pass", w: "fail" }, "z", "w");
    expect(linesOf([x, y, both])).toEqual([undefined, undefined, undefined]);
    expect(linesOf([x, y, both], (one) => one !== both)).toEqual([1, 2, undefined]);
    const without = { ...blamedOf("z"), fixes: [], seenWith: () => null } as unknown as Blamed;
    expect(linesOf([x, y, without])).toEqual([1, 2, undefined]);
  });

  test("are none where it is not known what else one of them ends", () => {
    expect(linesOf([x, withFix(2, { y: "pass" }, "y")])).toEqual([undefined, undefined]);
    const waits = (one: Blamed): Blamed => ({
      ...one,
      faults: one.faults.map((fault) => ({ ...fault, check: { ...fault.check, timeScale: 60 } })),
    });
    expect(linesOf([waits(withFix(1, { x: "pass", y: "fail" }, "x")), withFix(2, { y: "pass" }, "y")])).toEqual([1, 2]);
  });
});

test("two changes that cover all faults are proven as a whole", async () => {
  const blamed = [blamedOf("x"), blamedOf("y"), blamedOf("z")];
  const fixes = [provenOf("A", 1, ["x"], all), provenOf("B", 2, ["x", "y"], all), provenOf("C", 3, ["z", "head"], all)];
  const { trying, asked } = machine((check, made) => check === "head" || made.includes("C") || made.length > 1);
  const made = await fixPerRoute(config, blamed, fixes, observedOf("x", "y", "z"), trying);
  expect(asked).toEqual([["B", "C"]]);
  expect(made.map((one) => one?.fix.title)).toEqual(["B; C", "B; C", "B; C"]);
});

test("where a cover does not hold, all are made, and each is left out whose removal keeps everything passing", async () => {
  const blamed = [blamedOf("x"), blamedOf("y"), blamedOf("z")];
  const fixes = [provenOf("A", 1, ["x"], all), provenOf("B", 2, ["x", "y"], all), provenOf("C", 3, ["z"], all)];
  // B and C together disturb each other; A helps.
  const { trying, asked } = machine((_, made) => made.includes("A") && made.includes("C"));
  const made = await fixPerRoute(config, blamed, fixes, observedOf("x", "y", "z"), trying);
  expect(made.map((one) => one?.fix.title)).toEqual(["A; C", "A; C", "A; C"]);
  expect(asked.length).toBeLessThanOrEqual(12);
});

test("what may be intended keeps its own fix, and is no part of the route's", async () => {
  const blamed = [blamedOf("x"), blamedOf("y"), blamedOf("z")];
  const fixes = [provenOf("A", 1, ["x", "y"], all), provenOf("B", 2, ["y"], all), provenOf("limit", 3, ["z"], all)];
  const { trying } = machine(() => true);
  const made = await fixPerRoute(config, blamed, fixes, observedOf("x", "y", "z"), trying, (one) => one !== blamed[2]);
  expect(made.map((one) => one?.fix.title)).toEqual(["A", "A", "limit"]);
});

test("what breaks when made together stays as it is", async () => {
  const blamed = [blamedOf("x"), blamedOf("y")];
  const fixes = [provenOf("A", 1, ["x"], all), provenOf("B", 2, ["y"], all)];
  const { trying } = machine((check) => check !== "head");
  const made = await fixPerRoute(config, blamed, fixes, observedOf("x", "y"), trying);
  expect(made).toEqual(fixes);
});

test.each(["deploy/nginx.conf", "./nginx.conf", "<folder>/nginx.conf", "my site.conf"])("git apply takes the diff of %s", (given) => {
  const folder = mkdtempSync(join(tmpdir(), "hopwise-diff-"));
  try {
    const path = given.replace("<folder>", folder);
    const onDisk = given.startsWith("<folder>") ? path : join(folder, path);
    execFileSync("mkdir", ["-p", join(onDisk, "..")]);
    const was = "a;\nb;\nc;\n";
    writeFileSync(onDisk, was);
    const files = [{ path, target: "/f", text: was, bytes: Buffer.from(was) }];
    const diff = diffOf(files, applyEdits(files, [{ file: path, start: 3, end: 6, text: "d;\n" }]), folder);
    execFileSync("git", ["apply"], { cwd: folder, input: diff });
    expect(readFileSync(onDisk, "utf8")).toBe("a;\nd;\nc;\n");
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
});
