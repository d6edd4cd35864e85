import { expect, test } from "vitest";
import type { Entry } from "../../../harness/catalog/shelf.ts";
import { merge } from "../../../harness/commands/merge.ts";
import type { Source } from "../../../harness/commands/merge.ts";
import { parseShard, shardOf } from "../../../harness/commands/shard.ts";
import type { Report, ScenarioReport } from "../../../harness/report/report.ts";
import { reportOf, scenarios } from "../report/fixtures.ts";

const { incremental, buffered, held, timedOut } = scenarios;

const shard = (index: number, of: number, reports: ScenarioReport[], more: Partial<Report> = {}): Source => ({
  file: `${index}.json`,
  report: { ...reportOf(...reports), shard: { index, of }, ...more },
});

const two = (more: Partial<Report> = {}): Source[] => [shard(1, 2, [incremental]), shard(2, 2, [buffered], more)];

test("shards become one report, in whatever order they come", () => {
  const control = { samples: 10, p50Ms: 0.1, p99Ms: 9, maxMs: 10, netP99Ms: 0.1 };
  const sources = two({ tookMs: 20_000, startedAt: "2025-11-21T02:39:00.000Z", control, versions: { nginx: "nginx/1.30.0" } });
  const merged = merge(sources);
  expect(merged.scenarios.map(({ id }) => id)).toEqual([incremental.id, buffered.id]);
  expect(merged).toMatchObject({
    shard: null,
    tookMs: 20_000,
    startedAt: "2025-11-21T02:39:00.000Z",
    control: { samples: 1250, p50Ms: 0.2134, p99Ms: 9, maxMs: 10, netP99Ms: 0.64 },
    versions: { nginx: "nginx/1.26.3 and nginx/1.30.0", "http-proxy+cache+gzip": "node v24.21.0, http-proxy 1.18.1" },
    parts: [
      { shard: { index: 1, of: 2 }, tookMs: 14_213 },
      { shard: { index: 2, of: 2 }, tookMs: 20_000 },
    ],
  });
  expect(merge(sources.toReversed()).scenarios).toEqual(merged.scenarios);
});

test("one interrupted shard makes an interrupted report; a missing control is no good one", () => {
  expect(merge(two({ interrupted: true, control: null }))).toMatchObject({ interrupted: true, control: { samples: 1240 } });
});

test("reports without shards are put together as they are, and merged ones again", () => {
  const one = { file: "a.json", report: reportOf(held) };
  const again = merge([{ file: "m.json", report: merge(two()) }, one]);
  expect(again.scenarios).toHaveLength(3);
  expect(again.parts.map((part) => part.shard?.index)).toEqual([1, 2, undefined]);
});

test.for<[what: string, sources: Source[], sentence: RegExp]>([
  ["nothing", [], /needs reports/],
  ["one report twice", [...two(), shard(1, 2, [incremental])], /1\.json and 1\.json both contain "nginx-unbuffered-streams-events"/],
  ["overlapping reports", [shard(1, 2, [held]), shard(2, 2, [held])], /1\.json and 2\.json both contain "http-proxy-holds-headers"/],
  ["a shard too few", [shard(1, 3, [incremental]), shard(3, 3, [held])], /^The report of shard 2\/3 is missing$/],
  ["shards of two runs", [shard(1, 2, [incremental]), shard(2, 3, [held])], /1\.json is one shard of 2 and 2\.json one of 3/],
  [
    "two versions",
    two({ tool: { name: "hopwise", version: "0.2.0" } }),
    /the version of Hopwise is 0\.1\.0 in one and 0\.2\.0 in the other/,
  ],
  ["two runtimes", two({ runtime: "container" }), /the runtime is process in one and container in the other/],
  ["two time scales", two({ timeScale: 10 }), /the time scale is 1 in one and 10 in the other/],
])("%s is refused in a sentence", ([, sources, sentence]) => {
  expect(() => merge(sources)).toThrow(sentence);
});

const entries = ["d", "a", "c", "b", "e"].map((id): Entry<null> => ({ id, file: `${id}.ts`, load: () => Promise.resolve(null) }));
const idsOf = (all: readonly Entry<null>[]): string[] => all.map(({ id }) => id);

test("shards hold every scenario once, the same ones whatever the order", () => {
  const shards = [1, 2, 3].map((index) => idsOf(shardOf(entries, { index, of: 3 })));
  expect(shards).toEqual([["d", "a"], ["b", "e"], ["c"]]);
  expect(idsOf(shardOf(entries.toReversed(), { index: 1, of: 3 })).toSorted()).toEqual(["a", "d"]);
  expect(idsOf(shardOf(entries, { index: 1, of: 1 }))).toEqual(idsOf(entries));
});

test.for(["", "1", "0/3", "4/3", "1/0", "a/b", "1/2/3", "-1/3", "1.5/3", "1/99999"])("--shard %s is refused", (text) => {
  expect(() => parseShard(text)).toThrow(/^--shard .* is not valid: use index\/total/);
});

test("a shard that would run nothing is refused", () => {
  expect(parseShard("6/6")).toEqual({ index: 6, of: 6 });
  expect(() => shardOf(entries, { index: 6, of: 6 })).toThrow(/makes more shards than there are scenarios \(5\).*at most 5/);
});

test("a failure in one shard is one of the whole", () => {
  expect(merge([shard(1, 2, [incremental]), shard(2, 2, [timedOut])]).scenarios.map(({ outcome }) => outcome)).toEqual(["fail", "pass"]);
});
