// Experiments share a server only where none can be seen in another's trials.
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { Check } from "../../../harness/check/checks.ts";
import type { Edit, Route } from "../../../harness/check/configuration.ts";
import { sharedBy, sharingServers } from "../../../harness/check/shared-servers.ts";
import type { Experiment, Tried, Trying } from "../../../harness/check/tried.ts";

const routes = ["a", "b", "c"].map((id) => ({ id }) as Route);

/** A file in which each line is in effect for the routes that it names; a line that names none is known for nothing. */
const lines = ["a", "b", "c", "a b", "a b c", ""];
const config = {
  routesIn: (edits: readonly Edit[]): Route[] =>
    routes.filter(({ id }) => edits.some(({ start }) => (lines[start] ?? "").split(" ").includes(id))),
};

const editOf = (line: number, text = "x"): Edit => ({ file: "f", start: line, end: line + 1, text });
const askedOf = (route: number, id: string, more: Partial<Check> = {}): Experiment["faults"][number] => ({
  route: routes[route] as Route,
  check: { id, ...more } as Check,
});

const resultsOf = ({ faults }: Experiment, word: string): Tried =>
  ({ ran: faults.map((fault) => ({ ...fault, result: { report: { why: word } } })) }) as unknown as Tried;

const servers: Trying = async (experiments) =>
  experiments.map((one) => resultsOf(one, one.edits.map(({ start, text }) => `${lines[start]}=${text}`).join(",")));

const wordsOf = (tried: Tried | undefined): string[] =>
  tried && "ran" in tried ? tried.ran.map(({ route, check, result }) => `${route.id}/${check.id}: ${result.report.why}`) : ["none"];

describe("which share a server", () => {
  const sizes = (experiments: Experiment[]): number[] => sharedBy(config, experiments).map(({ of }) => of.length);

  test("the same change, whoever asks for it", () => {
    expect(
      sizes([
        { edits: [editOf(4)], faults: [askedOf(0, "events")] },
        { edits: [editOf(4)], faults: [askedOf(1, "gzip")] },
      ]),
    ).toEqual([2]);
  });

  test("changes of different routes", () => {
    expect(
      sizes([
        { edits: [editOf(0)], faults: [askedOf(0, "events")] },
        { edits: [editOf(1)], faults: [askedOf(1, "events")] },
      ]),
    ).toEqual([2]);
  });

  test("no two changes of one route", () => {
    expect(
      sizes([
        { edits: [editOf(0)], faults: [askedOf(0, "events")] },
        { edits: [editOf(0, "y")], faults: [askedOf(0, "events")] },
      ]),
    ).toEqual([1, 1]);
  });

  test("no change that another's trials run with", () => {
    expect(
      sizes([
        { edits: [editOf(3)], faults: [askedOf(0, "events")] },
        { edits: [editOf(2)], faults: [askedOf(1, "events")] },
      ]),
    ).toEqual([1, 1]);
  });

  test("no line of which nothing is known, and nothing with the unchanged configuration", () => {
    const other: Experiment = { edits: [editOf(1)], faults: [askedOf(1, "events")] };
    expect(sizes([{ edits: [editOf(5)], faults: [askedOf(0, "events")] }, other])).toEqual([1, 1]);
    expect(sizes([{ edits: [], faults: [askedOf(0, "events")] }, other])).toEqual([1, 1]);
  });

  test("no concurrent streams, which are counted over all routes", () => {
    const crowd: Experiment = { edits: [editOf(0)], faults: [askedOf(0, "streams", { isCrowd: true })] };
    expect(sizes([crowd, { edits: [editOf(1)], faults: [askedOf(1, "events")] }])).toEqual([1, 1]);
  });
});

const experiment = fc.record({
  edits: fc.uniqueArray(fc.nat({ max: lines.length - 1 }), { maxLength: 3 }).map((all) => all.map((line) => editOf(line))),
  faults: fc.array(
    fc.tuple(fc.nat({ max: 2 }), fc.constantFrom("events", "gzip", "silence")).map(([route, id]) => askedOf(route, id)),
    { minLength: 1, maxLength: 4 },
  ),
});

test("each experiment sees what it would have seen by itself", async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(experiment, { maxLength: 8 }), async (experiments) => {
      const shared = sharedBy(config, experiments);
      expect(shared.flatMap(({ of }) => of).toSorted((a, b) => a - b)).toEqual([...experiments.keys()]);
      for (const { of, experiment: one } of shared)
        for (const index of of) {
          const own = experiments[index] as Experiment;
          const foreign = one.edits.filter((edit) => !own.edits.some((mine) => mine.start === edit.start && mine.text === edit.text));
          const seen = new Set(own.faults.map(({ route }) => route.id));
          expect(config.routesIn(foreign).filter(({ id }) => seen.has(id))).toEqual([]);
        }
      const tried = await sharingServers(config, servers)(experiments);
      expect(tried.map((all) => wordsOf(all).map((word) => word.split(":")[0]))).toEqual(
        experiments.map(({ faults }) => faults.map(({ route, check }) => `${route.id}/${check.id}`)),
      );
    }),
  );
});

test("what is refused together is tried one by one", async () => {
  const refusing: Trying = async (experiments) =>
    experiments.map((one) =>
      one.edits.some(({ start }) => start === 1) ? { rejected: { says: "no", at: null } } : resultsOf(one, String(one.edits.length)),
    );
  const tried = await sharingServers(
    config,
    refusing,
  )([
    { edits: [editOf(0)], faults: [askedOf(0, "events")] },
    { edits: [editOf(1)], faults: [askedOf(1, "events")] },
  ]);
  expect(wordsOf(tried[0])).toEqual(["a/events: 1"]);
  expect(tried[1]).toEqual({ rejected: { says: "no", at: null } });
});

test("a check with other headers is another trial", async () => {
  const [first, second] = [askedOf(0, "events"), askedOf(0, "events", { title: "with a header of the application" })];
  const asked: number[] = [];
  const counting: Trying = async (experiments) => {
    asked.push(...experiments.map(({ faults }) => faults.length));
    return servers(experiments);
  };
  const tried = await sharingServers(
    config,
    counting,
  )([
    { edits: [], faults: [first, first] },
    { edits: [], faults: [second] },
  ]);
  expect(asked).toEqual([2]);
  expect(tried.map((one) => wordsOf(one).length)).toEqual([2, 1]);
});
