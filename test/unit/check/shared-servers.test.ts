// Experiments share a server only where none can be seen in another's trials.
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { Check } from "../../../harness/check/checks.ts";
import type { Edit, Route } from "../../../harness/check/configuration.ts";
import { sharedBy, sharingServers } from "../../../harness/check/shared-servers.ts";
import { usesRunningServer } from "../../../harness/check/tried.ts";
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

/** What a trial sees of a change: the lines that are in effect for its route, or, of the unknown ones, all. */
const seenBy = ({ edits }: Experiment, route: Route): string =>
  edits
    .filter((edit) => [...config.routesIn([edit]), ...(config.routesIn([edit]).length === 0 ? routes : [])].includes(route))
    .map(({ start, text }) => `${lines[start]}=${text}`)
    .toSorted()
    .join(",");

const resultsOf = (one: Experiment): Tried =>
  ({ ran: one.faults.map((fault) => ({ ...fault, result: { report: { why: seenBy(one, fault.route) } } })) }) as unknown as Tried;

const servers: Trying = async (experiments) => experiments.map(resultsOf);

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

  test("no line of which nothing is known", () => {
    const other: Experiment = { edits: [editOf(1)], faults: [askedOf(1, "events")] };
    expect(sizes([{ edits: [editOf(5)], faults: [askedOf(0, "events")] }, other])).toEqual([1, 1]);
  });

  test("a route without a change, and changes that are not in effect for it", () => {
    const unchanged: Experiment = { edits: [], faults: [askedOf(0, "events")] };
    expect(sizes([unchanged, { edits: [editOf(1)], faults: [askedOf(1, "events")] }])).toEqual([2]);
    expect(sizes([unchanged, { edits: [editOf(3)], faults: [askedOf(1, "events")] }])).toEqual([1, 1]);
    const crowd: Experiment = { edits: [], faults: [askedOf(0, "streams", { isCrowd: true })] };
    expect(sizes([crowd, { edits: [editOf(1)], faults: [askedOf(1, "events")] }])).toEqual([1, 1]);
  });

  test("what runs again on the configuration as given: its server runs already", () => {
    const again = (route: number, more: Partial<Check> = {}): Experiment => ({
      edits: [],
      faults: [askedOf(route, "events", more)],
      isRepetition: true,
    });
    const change: Experiment = { edits: [editOf(1)], faults: [askedOf(1, "events")] };
    expect(sizes([again(0), change, again(1)])).toEqual([2, 1]);
    expect(sharedBy(config, [again(0), again(1)]).map(({ experiment: one }) => usesRunningServer(one))).toEqual([true]);
    // With an earlier fix in place it is another configuration.
    expect(usesRunningServer({ ...again(0), edits: [editOf(1)] })).toBe(false);
    expect(sizes([again(0, { hasOwnServer: true }), change])).toEqual([2]);
  });

  test("of several possible ones the one whose servers are there already", () => {
    const reload = (route: number): Experiment => ({
      edits: [editOf(route)],
      faults: [askedOf(route, "reload", { feature: "reload" })],
    });
    const larger: Experiment = { edits: [editOf(0, "y")], faults: [askedOf(0, "events"), askedOf(0, "gzip")] };
    expect(sharedBy(config, [larger, reload(0), reload(1)]).map(({ of }) => of)).toEqual([[0], [1, 2]]);
  });

  test("a trial ends at its fault only if all who ask for it look for that fault", () => {
    const until = (hop: string): Experiment["faults"][number] => ({ ...askedOf(0, "events"), until: { hop, case: "lock-step" } });
    const untilOf = (...faults: Experiment["faults"]): unknown =>
      sharedBy(
        config,
        faults.map((fault) => ({ edits: [editOf(0)], faults: [fault] })),
      )[0]?.experiment.faults[0]?.until;
    expect(untilOf(until("nginx"), until("nginx"))).toEqual({ hop: "nginx", case: "lock-step" });
    expect(untilOf(until("nginx"), askedOf(0, "events"))).toBeUndefined();
    expect(untilOf(until("nginx"), until("edge"))).toBeUndefined();
  });

  test("no concurrent streams, which are counted over all routes", () => {
    const crowd: Experiment = { edits: [editOf(0)], faults: [askedOf(0, "streams", { isCrowd: true })] };
    expect(sizes([crowd, { edits: [editOf(1)], faults: [askedOf(1, "events")] }])).toEqual([1, 1]);
  });
});

const experiment = fc.record(
  {
    isRepetition: fc.constant(true as const),
    edits: fc.uniqueArray(fc.nat({ max: lines.length - 1 }), { maxLength: 3 }).map((all) => all.map((line) => editOf(line))),
    faults: fc.array(
      fc.tuple(fc.nat({ max: 2 }), fc.constantFrom("events", "gzip", "silence")).map(([route, id]) => askedOf(route, id)),
      { minLength: 1, maxLength: 4 },
    ),
  },
  { requiredKeys: ["edits", "faults"] },
);

test("each experiment sees what it would have seen by itself", async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(experiment, { maxLength: 8 }), async (experiments) => {
      const alone = await servers(experiments);
      const tried = await sharingServers(config, servers)(experiments);
      expect(tried.map(wordsOf)).toEqual(alone.map(wordsOf));
    }),
  );
});

test("forty routes are planned without a pause that anybody notices", () => {
  const many = Array.from({ length: 40 }, (_, index) => ({ id: String(index) }) as Route);
  let asked = 0;
  const counting = {
    routesIn: (edits: readonly Edit[]): Route[] => {
      asked += 1;
      return many.filter((_, index) => edits.some(({ start }) => start === index));
    },
  };
  const experiments = many.flatMap((route, index) =>
    ["x", "y", "z"].map((text): Experiment => ({ edits: [editOf(index, text)], faults: [{ route, check: { id: "events" } as Check }] })),
  );
  expect(sharedBy(counting, experiments).map(({ of }) => of.length)).toEqual([40, 40, 40]);
  expect(asked).toBeLessThanOrEqual(2 * experiments.length);
});

test("what is refused together is tried one by one", async () => {
  const refusing: Trying = async (experiments) =>
    experiments.map((one) => (one.edits.some(({ start }) => start === 1) ? { rejected: { says: "no", at: null } } : resultsOf(one)));
  const tried = await sharingServers(
    config,
    refusing,
  )([
    { edits: [editOf(0)], faults: [askedOf(0, "events")] },
    { edits: [editOf(1)], faults: [askedOf(1, "events")] },
  ]);
  expect(wordsOf(tried[0])).toEqual(["a/events: a=x"]);
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
