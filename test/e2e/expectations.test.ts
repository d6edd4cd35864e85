// Every expectation of the catalog, turned round: the same trace must then fail, and say in one sentence what was expected and what was seen.
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { openCatalog } from "../../harness/catalog/catalog.ts";
import { planChain } from "../../harness/session/chain.ts";
import type { Characterization, Does, Must, Requirement, Scenario } from "../../harness/define.ts";
import { judge } from "../../harness/model/judge/judge.ts";
import { decide, isLeftOpenByMachine } from "../../harness/model/outcome.ts";
import type { Judged } from "../../harness/model/outcome.ts";
import type { Trace } from "../../harness/model/trace.ts";
import type { FacetName } from "../../harness/model/verdict.ts";
import type { ScenarioReport } from "../../harness/report/report.ts";
import { run } from "../../harness/session/run.ts";
import { openRuntime } from "../../harness/session/choose-runtime.ts";
import { lacks } from "../_needs.ts";
import { hopwise, reportOf } from "./_cli.ts";

type MemberKey = "deliver" | "headers" | "end" | "source" | "integrity" | "disconnect" | "memory";

const members = {
  deliver: ["incremental", "lagging", "batched", "buffered"],
  headers: ["prompt", "held"],
  end: ["complete", "truncated-visibly", "truncated-silently", "error-response", "no-response", "malformed", "hung"],
  source: ["origin", "cached", "collapsed", "revalidated", "stale", "retried"],
  integrity: ["intact", "altered"],
  disconnect: ["propagated", "propagated-on-next-write", "propagated-late", "not-propagated"],
  memory: ["bounded", "grows"],
} as const satisfies { [K in MemberKey]: readonly NonNullable<Does[K]>[] };

const facetOf = {
  deliver: "delivery",
  headers: "headers",
  end: "ending",
  source: "source",
  integrity: "integrity",
  disconnect: "disconnect",
  memory: "memory",
} as const satisfies Record<MemberKey, FacetName>;

const causes = ["origin-abort", "first-byte-timeout", "idle-timeout", "total-timeout"] as const satisfies readonly NonNullable<
  Does["cause"]
>[];

/** What of `does` says the same as each word of `must`. */
const saidBy: { [K in keyof Must]-?: { key: MemberKey; holds: (must: Must) => readonly string[] } } = {
  deliver: { key: "deliver", holds: () => ["incremental"] },
  headers: { key: "headers", holds: () => ["prompt"] },
  end: { key: "end", holds: ({ end }) => (end === "complete" ? ["complete"] : ["truncated-visibly", "error-response", "no-response"]) },
  surviveSilenceMs: { key: "end", holds: () => ["complete"] },
  source: { key: "source", holds: () => ["origin"] },
  integrity: { key: "integrity", holds: () => ["intact"] },
  noticeDisconnectWithinMs: { key: "disconnect", holds: () => ["propagated"] },
  memory: { key: "memory", holds: () => ["bounded"] },
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
    // The silence was shorter: that is neither a pass nor a failure.
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
  const byCulprit = [...nodes, "no one"]
    .filter((node) => node !== does.culprit)
    .map((culprit) => flip(`with culprit ${culprit}`, { ...does, culprit }));
  // With the values that it does not hold for.
  const elsewhere = [rest.request?.clients ?? []].flat().filter((protocol) => rest.when?.clients?.includes(protocol) === false);
  const byWhen: Flip[] =
    elsewhere.length === 0
      ? []
      : [{ title: "with other clients", says: "does ", scenario: { ...rest, does, when: { clients: elsewhere } }, outcome: "fail" }];
  const { because: _, fixedBy: __, when: ___, ...bare } = rest;
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
          memory: "bounded",
        }[word as string],
      };
      return { title: `must ${word}`, says: `must ${word}: ${String(must[word])}`, scenario: { ...bare, must }, outcome: "fail" };
    });
  return [...byMember, ...byCause, ...byWhen, ...(does.culprit === undefined ? [] : byCulprit), ...required];
};

/** Characterizations of something broken that nothing fixes where the scenario could show it. */
const withoutFixedBy: Record<string, string> = {
  "django-held-by-pushpin-hangs-on-a-failed-publisher": "what publishes has to end the stream: nothing else can know that it failed",
  "django-held-by-pushpin-is-kept-alive": "the application asks for its keep-alives",
  "django-held-by-pushpin-misses-a-departure": "no connection leads from Pushpin to what publishes",
  "nginx-answers-504-for-the-origin": "the fix is the application's: to send its header section at once, or to be waited for longer",
  "pushpin-truncates-silently": "no option makes Pushpin pass a cut on",
};

/** Words turned round that are true all the same, of another client or in another case. */
const alsoTrue: Record<string, string[]> = {
  // The client that joins in mid-stream is given what is in flight, the one that comes after it what is stored.
  "cache-joins-a-stream-in-flight": ["does source: cached"],
  "nginx-cache-lock-joins-a-stream": ["does source: cached"],
};

/** What is not here, by what is said of a scenario that cannot run; null if that is no reason. */
const lackOf = (why: string): string | null => {
  if (why.includes("there is no nginx on this machine")) return lacks.nginx;
  if (why.includes("cannot run here: this machine has nginx/")) return "this machine has another nginx than the scenario names";
  if (why.includes("what it needs is not installed on this machine")) return lacks.application;
  if (why.includes("this machine has no client for HTTP/3")) return lacks.http3;
  const [, major] = /there is no Node (\d+) on this machine/.exec(why) ?? [];
  if (major !== undefined) return lacks.nodeOf(major);
  const [, server] = /there is no (\w+) on this machine/.exec(why) ?? [];
  if (server !== undefined) return lacks.serverOf(server);
  return /cannot run with a (faster )?clock/.test(why)
    ? "a clock runs faster in containers only, and these traces are made in processes"
    : null;
};

const casesOf = ({ cases }: Trace) => cases.map(({ case: trialCase }) => trialCase);

const isOneSentence = (why: string): boolean => /^\S[^\n]*\S$/.test(why);

describe("the catalog, run once in processes", async () => {
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
      concurrency: 32,
      // As it is when it was saved and read again.
      onScenario: (report, trace) => seen.set(report.id, { report, trace: JSON.parse(JSON.stringify(trace)) as Trace | null }),
    });
  });

  const traceOf = (id: string): Trace | null => {
    const { report, trace } = seen.get(id) ?? {};
    if (report?.outcome === "unsupported") {
      expect(lackOf(report.why), report.why).not.toBeNull();
      return null;
    }
    if (!trace) throw new Error(`${id} was not judged (${report?.outcome}): ${report?.why}`);
    return trace;
  };

  const whyUnsupported = (id: string): string => lackOf(seen.get(id)?.report.why ?? "") ?? "";

  /** What the machine left inconclusive in two attempts is no verdict: for few scenarios only, and never instead of a failure. */
  const leftOpen = (): string[] =>
    [...seen].flatMap(([id, { report }]) =>
      report.attempts === 2 && report.outcome === "inconclusive" && isLeftOpenByMachine(scenarios.get(id) as Scenario, report) ? [id] : [],
    );

  it("leaves at most 2 % of the scenarios inconclusive, and those by the machine's doing", () => {
    expect(leftOpen().length, leftOpen().join(", ")).toBeLessThanOrEqual(0.02 * scenarios.size);
  });

  it.for([...scenarios.keys()])("%s is as its scenario says, word by word", (id, context) => {
    const trace = traceOf(id);
    if (trace === null) return context.skip(whyUnsupported(id));
    if (leftOpen().includes(id)) return context.skip(`inconclusive in two attempts: ${seen.get(id)?.report.why}`);
    const scenario = scenarios.get(id) as Scenario;
    const verdict = judge(trace);
    expect(decide(scenario, verdict, casesOf(trace))).toMatchObject({ outcome: "pass" });
    if ("must" in scenario)
      for (const [word, value] of Object.entries(scenario.must))
        expect(decide({ ...scenario, must: { [word]: value } }, verdict), word).toMatchObject({ outcome: "pass" });
  });

  it.for([...scenarios.keys()])("%s fails when any of its words is turned round", (id, context) => {
    const trace = traceOf(id);
    if (trace === null) return context.skip(whyUnsupported(id));
    const verdict = judge(trace);
    const flips = flipsOf(scenarios.get(id) as Scenario, trace.nodes).filter(({ title }) => !alsoTrue[id]?.includes(title));
    expect(flips.length).toBeGreaterThan(0);
    for (const { title, says, scenario, outcome } of flips) {
      const decided: Judged = decide(scenario, verdict, casesOf(trace));
      // What the machine itself left open in some case can be refuted no more than confirmed.
      if (decided.outcome === "inconclusive" && isLeftOpenByMachine(scenario, verdict)) continue;
      expect(decided.outcome, `${title}: ${decided.why}`).toBe(outcome);
      expect(decided.why).toContain(says);
      expect(decided.why).toSatisfy(isOneSentence);
      if (outcome === "fail") expect(decided.why).toContain(decided.facet?.evidence || "evidence that is missing");
    }
  });

  const characterized = [...scenarios].flatMap(([id, scenario]) => ("does" in scenario ? [{ id, scenario }] : []));

  it("has a scenario that fixes each fault, if there is one", () => {
    expect(characterized.filter(({ scenario }) => scenario.fixedBy === undefined).map(({ id }) => id)).toEqual(Object.keys(withoutFixedBy));
  });

  it.each(
    characterized.flatMap(({ id, scenario }) => (scenario.fixedBy === undefined ? [] : [{ id, scenario, fixedBy: scenario.fixedBy }])),
  )("$fixedBy requires what $id does not do, and passes", async ({ id, scenario, fixedBy }) => {
    const fixed = scenarios.get(fixedBy) as Scenario;
    expect(fixed, `${id} names ${fixedBy}`).toHaveProperty("must");
    const tested = new Set("must" in fixed ? (Object.keys(fixed.must) as (keyof Must)[]).map((word) => facetOf[saidBy[word].key]) : []);
    const broken = (Object.keys(members) as MemberKey[]).filter((key) => scenario.does[key] !== undefined).map((key) => facetOf[key]);
    expect(broken.filter((facet) => tested.has(facet))).not.toEqual([]);
    await planChain(catalog, fixedBy, fixed);
    if (traceOf(fixedBy) !== null && !leftOpen().includes(fixedBy)) expect(seen.get(fixedBy)?.report).toMatchObject({ outcome: "pass" });
  });
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
      why: /^does deliver: buffered, but the wire showed incremental: every hop passed each record on immediately \(lock-step\)/,
    },
    {
      of: "http-proxy-holds-headers",
      expected: { must: { headers: "promptly" } },
      why: /^must headers: promptly, but http-proxy held the header section for \d+ ms, until (?:the first byte of the body|more bytes) arrived$/,
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
