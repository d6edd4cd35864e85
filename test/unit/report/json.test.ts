import { readFileSync } from "node:fs";
import { Ajv } from "ajv";
import { expect, test } from "vitest";
import type { Characterization } from "../../../harness/define.ts";
import type { Facet, FacetName, Members } from "../../../harness/model/verdict.ts";
import { json } from "../../../harness/report/json.ts";
import type { Report } from "../../../harness/report/report.ts";
import { unjudgedReport } from "../../../harness/report/scenario-report.ts";
import { outcomes } from "../../../harness/report/report.ts";
import { headlines } from "../../../harness/report/words.ts";
import { died, hostile, reportOf, scenarios } from "./fixtures.ts";

const schema = JSON.parse(readFileSync(new URL("../../../harness/report/report.schema.json", import.meta.url), "utf8"));
const validate = new Ajv({ allErrors: true, strict: true, allowUnionTypes: true }).compile(schema);

const problems = (report: unknown): string[] => {
  validate(report);
  return (validate.errors ?? []).map(({ instancePath, message }) => `${instancePath} ${message}`);
};

/** One of each: a new member does not compile before it is here, and does not pass before the schema knows it. */
const observations: { [F in FacetName]: { [M in Members[F]["member"]]: Extract<Members[F], { member: M }> } } = {
  delivery: {
    incremental: { member: "incremental", medianLagMs: 0.3, worstLagMs: 2, unexplained: 0, by: "lock-step" },
    lagging: { member: "lagging", records: 1, lagMs: 150 },
    batched: { member: "batched", by: "bytes", atLeastBytes: 3000, atMostBytes: 4096 },
    buffered: { member: "buffered", released: "end", atLeastBytes: 2_000_000, flooded: true, heldForMs: 3200 },
    delayed: {
      member: "delayed",
      late: 2,
      of: 8,
      records: [
        { record: 2, heldMs: 901 },
        { record: 5, heldMs: 900 },
      ],
      medianMs: 900,
      worstMs: 901,
      epsilonMs: 5,
      attempts: 2,
    },
    throttled: { member: "throttled", bytesPerSecond: 1000 },
  },
  headers: { prompt: { member: "prompt", lagMs: 0.2 }, held: { member: "held", until: "first-body-byte", heldForMs: 600 } },
  ending: {
    complete: { member: "complete" },
    "truncated-visibly": { member: "truncated-visibly", cause: "idle-timeout", afterMs: 1000, how: "RST" },
    "truncated-silently": { member: "truncated-silently", cause: "http-1.0", afterMs: 200, how: "4 records came", decoderCanTell: false },
    "error-response": { member: "error-response", status: 504, cause: "first-byte-timeout", afterMs: 1000 },
    "no-response": { member: "no-response", cause: "own", afterMs: 3 },
    malformed: { member: "malformed", what: "7 stray bytes" },
    hung: { member: "hung", cause: "origin-abort", afterMs: 640, atLeastMs: 2000 },
  },
  source: {
    origin: { member: "origin" },
    cached: { member: "cached", nonce: "a", ageMs: 5 },
    collapsed: { member: "collapsed", nonce: "a" },
    revalidated: { member: "revalidated", nonce: "a" },
    stale: { member: "stale", nonce: "a", ageMs: 5 },
    retried: { member: "retried", times: 2 },
  },
  integrity: { intact: { member: "intact" }, altered: { member: "altered", how: "changed", offset: null, detail: "" } },
  disconnect: {
    propagated: { member: "propagated", afterMs: 0.4 },
    "propagated-on-next-write": { member: "propagated-on-next-write", afterMs: 100, writes: 1 },
    "propagated-late": { member: "propagated-late", afterMs: 700 },
    "not-propagated": { member: "not-propagated", atLeastMs: 1700, bytesSince: 25_000_000, cause: "fill" },
  },
  memory: {
    bounded: { member: "bounded", reader: "fast", bodyBytes: 50_000_000, idleKb: 13_000, peakKb: 13_100 },
    grows: { member: "grows", reader: "slow", bodyBytes: 200_000_000, idleKb: 61_000, peakKb: 300_000 },
  },
};

const every = Object.entries(observations).flatMap(([facet, members]) =>
  Object.values(members).map((observation) => {
    const hops = [
      { hop: "nginx", masked: false, observation },
      { hop: "gzip", masked: true, why: "its input was held" },
    ];
    return { facet, case: "a", observation, culprit: "nginx", evidence: "seen", hops } as Facet;
  }),
);

test("the schema allows what reports say", () => {
  expect(problems(JSON.parse(json(reportOf(...Object.values(scenarios), hostile, died))))).toEqual([]);
  expect(problems(JSON.parse(json(reportOf())))).toEqual([]);
});

test("what is expected has the values of axes with which it holds, if the scenario names some", () => {
  const scenario: Characterization = {
    title: "x",
    chain: [{ app: "sse" }, "nginx"],
    request: { clients: ["h1", "h2"] },
    trial: { kind: "lock-step" },
    does: { deliver: "buffered" },
    because: "https://example.org",
  };
  const reported = (more: Partial<Characterization>) =>
    unjudgedReport(
      { id: "x", file: null, reproduce: null, scenario: { ...scenario, ...more }, chain: { words: ["sse", "nginx", "client"] } },
      "unsupported",
      "x",
    );
  const one = reported({ when: { clients: ["h2"] } });
  expect(one).toMatchObject({ expected: { deliver: "buffered" }, when: { clients: ["h2"] } });
  expect(reported({})).not.toHaveProperty("when");
  expect(problems(JSON.parse(json(reportOf(one, reported({})))))).toEqual([]);
  expect(problems({ ...reportOf(), scenarios: [{ ...one, when: { color: ["red"] } }] })).not.toEqual([]);
});

test("the schema knows every finding", () => {
  expect(problems(JSON.parse(json(reportOf({ ...scenarios.buffered, facets: every }))))).toEqual([]);
});

test("the schema knows every headline and outcome, and no other", () => {
  expect(schema.definitions.Headline.enum.toSorted()).toEqual(headlines.toSorted());
  expect(schema.definitions.Outcome.enum.toSorted()).toEqual(outcomes.toSorted());
});

test.for<[string, (report: Report) => unknown]>([
  ["a word that is none", (report) => Object.assign(report.scenarios[0] ?? {}, { headline: "bufferred" })],
  [
    "a time that is no number",
    (report) => report.scenarios[0]?.cases[0]?.connections[0]?.recordsAtMs.push(Number.NaN, Infinity, "1" as never),
  ],
  ["a field too many", (report) => Object.assign(report.machine, { user: "root" })],
  ["a field too few", (report) => Reflect.deleteProperty(report, "control")],
  [
    "evidence of another facet",
    (report) => Object.assign(report.scenarios[0]?.facets[0] ?? {}, { observation: { member: "prompt", lagMs: 1 } }),
  ],
])("the schema refuses %s", ([, spoil]) => {
  const report = structuredClone(reportOf(scenarios.buffered));
  spoil(report);
  expect(problems(report)).not.toEqual([]);
});

test("the JSON is the report, ends with a line break, and cannot steer a terminal", () => {
  const report = reportOf(...Object.values(scenarios));
  expect(JSON.parse(json(report))).toEqual(report);
  expect(json(report).endsWith("}\n")).toBe(true);
  const evil = json(reportOf(hostile));
  expect(JSON.parse(evil)).toEqual(reportOf(hostile));
  expect(evil.replaceAll("\n", "")).not.toMatch(/[\p{Cc}\p{Cf}\p{Cs}]/u);
});
