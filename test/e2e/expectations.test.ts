// Every expectation of the catalogue, turned round: the same trace must then fail, and say in one sentence what was expected and what was seen.
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { openCatalog } from "../../harness/catalog.ts";
import { planChain } from "../../harness/chain.ts";
import type { Characterization, Does, Must, Requirement, Scenario } from "../../harness/define.ts";
import { judge } from "../../harness/model/judge/judge.ts";
import { decide, isLeftOpenByMachine } from "../../harness/model/outcome.ts";
import type { Judged } from "../../harness/model/outcome.ts";
import type { Trace } from "../../harness/model/trace.ts";
import type { FacetName } from "../../harness/model/verdict.ts";
import type { ScenarioReport } from "../../harness/report/report.ts";
import { run } from "../../harness/run.ts";
import { openRuntime } from "../../harness/runtime/choose.ts";
import { hopwise, reportOf } from "./_cli.ts";

type MemberKey = "deliver" | "headers" | "end" | "source" | "integrity" | "disconnect";

const members = {
  deliver: ["incremental", "lagging", "batched", "buffered"],
  headers: ["prompt", "held"],
  end: ["complete", "incomplete-visible", "incomplete-silent", "error-response", "no-response", "malformed", "hung"],
  source: ["origin", "cached", "collapsed", "revalidated", "stale", "asked"],
  integrity: ["intact", "altered"],
  disconnect: ["at-once", "on-next-write", "late", "lost"],
} as const satisfies { [K in MemberKey]: readonly NonNullable<Does[K]>[] };

const facetOf = {
  deliver: "delivery",
  headers: "headers",
  end: "ending",
  source: "source",
  integrity: "integrity",
  disconnect: "disconnect",
} as const satisfies Record<MemberKey, FacetName>;

const causes = ["origin-abort", "first-byte-limit", "idle-limit", "total-limit"] as const satisfies readonly NonNullable<Does["cause"]>[];

/** What of `does` says the same as each word of `must`. */
const saidBy: { [K in keyof Must]-?: { key: MemberKey; holds: (must: Must) => readonly string[] } } = {
  deliver: { key: "deliver", holds: () => ["incremental"] },
  headers: { key: "headers", holds: () => ["prompt"] },
  end: { key: "end", holds: ({ end }) => (end === "complete" ? ["complete"] : ["incomplete-visible", "error-response", "no-response"]) },
  surviveSilenceMs: { key: "end", holds: () => ["complete"] },
  source: { key: "source", holds: () => ["origin"] },
  integrity: { key: "integrity", holds: () => ["intact"] },
  noticeDisconnectWithinMs: { key: "disconnect", holds: () => ["at-once"] },
};

interface Flip {
  title: string;
  /** Words that the sentence must contain. */
  says: string;
  scenario: Scenario;
  outcome: "fail" | "inconclusive";
}

const because = "https://example.invalid/flipped";

const flipsOf = (scenario: Scenario, nodes: readonly string[]): Flip[] =>
  "must" in scenario ? requirementFlips(scenario) : characterizationFlips(scenario, nodes);

const requirementFlips = ({ must, ...rest }: Requirement): Flip[] =>
  (Object.keys(must) as (keyof Must)[]).flatMap((word): Flip[] => {
    const { key, holds } = saidBy[word];
    const opposites = members[key].filter((member) => !holds(must).includes(member));
    const others = opposites.map((member): Flip => ({
      title: `does ${key}: ${member}`,
      says: `does ${key}: ${member}`,
      scenario: { ...rest, does: { [key]: member }, because },
      outcome: "fail",
    }));
    return [...others, ...stricter(word, must, rest)];
  });

/** What asks for more than the trial shows. */
const stricter = (word: keyof Must, must: Must, rest: Omit<Requirement, "must">): Flip[] => {
  if (word === "end" && must.end === "visibly")
    return [{ title: "must end: complete", says: "must end: complete", scenario: { ...rest, must: { end: "complete" } }, outcome: "fail" }];
  if (word === "noticeDisconnectWithinMs") {
    const says = "must noticeDisconnectWithinMs: 0.001";
    return [{ title: says, says, scenario: { ...rest, must: { noticeDisconnectWithinMs: 0.001 } }, outcome: "fail" }];
  }
  if (word === "surviveSilenceMs") {
    const longer = 2 * (must.surviveSilenceMs ?? 0);
    const says = `surviveSilenceMs: ${longer} is not tested by this trial`;
    // Nobody was silent for as long: that is neither a pass nor a failure.
    return [{ title: says, says, scenario: { ...rest, must: { surviveSilenceMs: longer } }, outcome: "inconclusive" }];
  }
  return [];
};

const characterizationFlips = ({ does, ...rest }: Characterization, nodes: readonly string[]): Flip[] => {
  const flip = (says: string, changed: Does): Flip => ({ title: says, says, scenario: { ...rest, does: changed }, outcome: "fail" });
  const keys = (Object.keys(members) as MemberKey[]).filter((key) => does[key] !== undefined);
  const byMember = keys.flatMap((key) =>
    members[key].filter((member) => member !== does[key]).map((member) => flip(`does ${key}: ${member}`, { ...does, [key]: member })),
  );
  const byCause =
    does.cause === undefined ? [] : causes.filter((cause) => cause !== does.cause).map((cause) => flip(`(${cause})`, { ...does, cause }));
  const byCulprit = [...nodes, "nobody"]
    .filter((node) => node !== does.culprit)
    .map((culprit) => flip(`with culprit ${culprit}`, { ...does, culprit }));
  const { because: _, twin: __, ...bare } = rest;
  // What is known to be broken must fail where it is required to be whole.
  const required = (Object.keys(saidBy) as (keyof Must)[])
    .filter((word) => {
      const { key, holds } = saidBy[word];
      const member = does[key];
      return word !== "surviveSilenceMs" && member !== undefined && !holds({ end: "complete" }).includes(member);
    })
    .map((word): Flip => {
      const must: Must = {
        [word]: {
          deliver: "incrementally",
          headers: "promptly",
          end: "complete",
          source: "origin",
          integrity: "intact",
          noticeDisconnectWithinMs: 1000,
        }[word as string],
      };
      return { title: `must ${word}`, says: `must ${word}: ${String(must[word])}`, scenario: { ...bare, must }, outcome: "fail" };
    });
  return [...byMember, ...byCause, ...(does.culprit === undefined ? [] : byCulprit), ...required];
};

/** Characterizations of something broken that nothing cures where the scenario could show it. */
const withoutTwin: Record<string, string> = {
  "nginx-answers-504-for-the-origin": "the cure is the application's: to send its header section at once, or to be waited for longer",
};

/** Words turned round that are true all the same, of another client or in another arm. */
const alsoTrue: Record<string, string[]> = {
  // The client that joins in mid-stream is given what is in flight, the one that comes after it what is stored.
  "cache-joins-a-stream-in-flight": ["does source: cached"],
  "nginx-cache-lock-joins-a-stream": ["does source: cached"],
};

const isOneSentence = (why: string): boolean => /^\S[^\n]*\S$/.test(why);

describe("the catalogue, run once in processes", async () => {
  const catalog = openCatalog();
  const scenarios = new Map<string, Scenario>();
  for (const entry of catalog.scenarios.entries) scenarios.set(entry.id, await entry.load());
  const seen = new Map<string, { report: ScenarioReport; trace: Trace | null }>();

  beforeAll(async () => {
    await using runtime = await openRuntime("process");
    await run({
      catalog,
      scenarios: catalog.scenarios.entries,
      runtime,
      version: "0",
      atOnce: 32,
      // As it is when it was saved and read again.
      onScenario: (report, trace) => seen.set(report.id, { report, trace: JSON.parse(JSON.stringify(trace)) as Trace | null }),
    });
  });

  const traceOf = (id: string): Trace | null => {
    const { report, trace } = seen.get(id) ?? {};
    if (report?.outcome !== "unsupported") return trace ?? null;
    expect(report.why).toMatch(/cannot run here|there is no \S+ on this machine|needs a container|cannot have its clock/);
    return null;
  };

  /** What the machine left undecided in two playings is no verdict: of few scenarios only, and never in the place of a failure. */
  const leftOpen = (): string[] =>
    [...seen].flatMap(([id, { report }]) =>
      report.playings === 2 && report.outcome === "inconclusive" && isLeftOpenByMachine(scenarios.get(id) as Scenario, report) ? [id] : [],
    );

  it("leaves at most 2 % of the scenarios undecided, and those by the machine's doing", () => {
    expect(leftOpen().length, leftOpen().join(", ")).toBeLessThanOrEqual(0.02 * scenarios.size);
  });

  it.for([...scenarios.keys()])("%s is as its scenario says, word by word", (id, context) => {
    const trace = traceOf(id);
    if (trace === null) return context.skip("its server is not on this machine");
    if (leftOpen().includes(id)) return context.skip(`the machine left it undecided twice: ${seen.get(id)?.report.why}`);
    const scenario = scenarios.get(id) as Scenario;
    const verdict = judge(trace);
    expect(decide(scenario, verdict)).toMatchObject({ outcome: "pass" });
    if ("must" in scenario)
      for (const [word, value] of Object.entries(scenario.must))
        expect(decide({ ...scenario, must: { [word]: value } }, verdict), word).toMatchObject({ outcome: "pass" });
  });

  it.for([...scenarios.keys()])("%s fails when any of its words is turned round", (id, context) => {
    const trace = traceOf(id);
    if (trace === null) return context.skip("its server is not on this machine");
    const verdict = judge(trace);
    const flips = flipsOf(scenarios.get(id) as Scenario, trace.nodes).filter(({ title }) => !alsoTrue[id]?.includes(title));
    expect(flips.length).toBeGreaterThan(0);
    for (const { title, says, scenario, outcome } of flips) {
      const decided: Judged = decide(scenario, verdict);
      // What the machine itself left open in some arm can be refuted no more than confirmed.
      if (decided.outcome === "inconclusive" && isLeftOpenByMachine(scenario, verdict)) continue;
      expect(decided.outcome, `${title}: ${decided.why}`).toBe(outcome);
      expect(decided.why).toContain(says);
      expect(decided.why).toSatisfy(isOneSentence);
      if (outcome === "fail") expect(decided.why).toContain(decided.facet?.evidence || "evidence that is missing");
    }
  });

  const characterized = [...scenarios].flatMap(([id, scenario]) => ("does" in scenario ? [{ id, scenario }] : []));

  it("has a twin that cures it for whatever is broken, but where there is none to have", () => {
    expect(characterized.filter(({ scenario }) => scenario.twin === undefined).map(({ id }) => id)).toEqual(Object.keys(withoutTwin));
  });

  it.each(characterized.flatMap(({ id, scenario }) => (scenario.twin === undefined ? [] : [{ id, scenario, twin: scenario.twin }])))(
    "$twin requires what $id does not do, and passes",
    async ({ id, scenario, twin }) => {
      const cured = scenarios.get(twin) as Scenario;
      expect(cured, `${id} names ${twin}`).toHaveProperty("must");
      const tested = new Set("must" in cured ? (Object.keys(cured.must) as (keyof Must)[]).map((word) => facetOf[saidBy[word].key]) : []);
      const broken = (Object.keys(members) as MemberKey[]).filter((key) => scenario.does[key] !== undefined).map((key) => facetOf[key]);
      expect(broken.filter((facet) => tested.has(facet))).not.toEqual([]);
      await planChain(catalog, twin, cured);
      if (traceOf(twin) !== null && !leftOpen().includes(twin)) expect(seen.get(twin)?.report).toMatchObject({ outcome: "pass" });
    },
  );
});

describe("a scenario file with its expectation turned round", () => {
  let folder = "";
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), "flipped-"));
  });
  afterAll(() => rm(folder, { recursive: true, force: true }));

  it.each([
    {
      of: "gzip-with-flush-streams-events",
      expected: { does: { deliver: "buffered", culprit: "gzip" }, because },
      why: /^does deliver: buffered, but the wire showed incremental: every hop passed each record on by itself \(lock-step\)/,
    },
    {
      of: "http-proxy-holds-headers",
      expected: { must: { headers: "promptly" } },
      why: /^must headers: promptly, but http-proxy held the header section for \d+ ms, until the first byte of the body came$/,
    },
  ])("ends hopwise run with exit code 1 and says why: $of", async ({ of, expected, why }) => {
    const { title, chain, request, trial } = await openCatalog().scenarios.find(of, "This test").load();
    const file = join(folder, `${of}-flipped.mjs`);
    await writeFile(file, `export default ${JSON.stringify({ title, chain, request, trial, ...expected })};`);
    const ended = await hopwise(["run", file, "--runtime", "process", "--reporter", "json"]);
    expect(reportOf(ended).scenarios).toMatchObject([{ id: `${of}-flipped`, outcome: "fail", why: expect.stringMatching(why) }]);
    expect(ended.code).toBe(1);
    expect(ended.err).toContain("✗ FAIL");
  });
});
