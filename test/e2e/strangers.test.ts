// Bad hops of third parties, run by the command line and judged by its JSON: each has one fault, which must be found.
import { join } from "node:path";
import { beforeAll, describe, expect, it } from "vitest";
import type { Report } from "../../harness/report/report.ts";
import { hopwise, inPool, reportOf } from "./_cli.ts";

interface Found {
  facet: string;
  observation: Record<string, unknown>;
}

interface Stranger {
  /** In `strangers/`, or elsewhere by its path. */
  file: string;
  environment?: string;
  /** Which of the standard trials. */
  grep: string;
  /** What at least one case must show, with the hop as its culprit; of nothing else may the hop be accused. */
  shows: Found[];
  code: number;
  more?: string[];
}

const between = (least: number, most: number): unknown =>
  expect.toSatisfy((value: number) => value >= least && value <= most, `is ${least} to ${most}`);

const strangers: Record<string, Stranger> = {
  "keeps everything to the end": {
    file: "../../mutants/stranger.mjs",
    grep: "lock-step",
    shows: [{ facet: "delivery", observation: { member: "buffered", released: "end", flooded: true } }],
    code: 1,
  },
  "lets go every 1500 bytes": {
    file: "every-1500-bytes.mjs",
    grep: "lock-step$",
    shows: [
      {
        facet: "delivery",
        observation: { member: "batched", by: "bytes", atLeastBytes: between(1300, 1500), atMostBytes: between(1500, 1700) },
      },
    ],
    code: 1,
  },
  "holds its first kilobyte": {
    file: "first-kilobyte.mjs",
    grep: "lock-step$",
    shows: [
      {
        facet: "delivery",
        observation: { member: "batched", by: "bytes", atLeastBytes: between(500, 1024), atMostBytes: between(1024, 1500) },
      },
    ],
    code: 1,
  },
  "gathers for 350 ms (raw TCP)": {
    file: "timer-350.mjs",
    grep: "lock-step$|header-hold",
    shows: [
      { facet: "delivery", observation: { member: "batched", by: "timer", timerMs: between(340, 420) } },
      { facet: "headers", observation: { member: "held", until: "timer", heldForMs: between(340, 450) } },
    ],
    code: 1,
  },
  "is two events late": {
    file: "two-behind.mjs",
    grep: "lock-step$",
    shows: [{ facet: "delivery", observation: { member: "lagging", records: 2 } }],
    code: 1,
  },
  "fills 16 kB (raw TCP)": {
    file: "coalesces-16k.mjs",
    grep: "lock-step$|bodyless",
    shows: [
      { facet: "delivery", observation: { member: "buffered", released: "flood", atMostBytes: between(16_000, 40_000) } },
      // A TCP proxy does not know that a response is complete: the rest stays in its buffer while the connection is open.
      { facet: "ending", observation: { member: "hung" } },
    ],
    code: 1,
  },
  "adds a Content-Length by gathering": {
    file: "adds-a-length.mjs",
    grep: "lock-step$",
    shows: [{ facet: "delivery", observation: { member: "buffered" } }],
    code: 1,
  },
  "takes chunks apart and delimits by the connection's end": {
    file: "until-close.mjs",
    grep: "origin-abort|lock-step$",
    shows: [{ facet: "ending", observation: { member: "truncated-silently", cause: "origin-abort" } }],
    code: 1,
  },
  "forgets the last event and ends cleanly": {
    file: "drops-the-last.mjs",
    grep: "lock-step$",
    shows: [
      { facet: "delivery", observation: { member: "lagging", records: 1 } },
      { facet: "ending", observation: { member: "truncated-silently", cause: "own" } },
    ],
    code: 1,
  },
  "stops after five events and ends cleanly": {
    file: "stops-after-five.mjs",
    grep: "lock-step$",
    shows: [{ facet: "ending", observation: { member: "truncated-silently", cause: "unclassified" } }],
    code: 1,
  },
  "answers from a cache by path, without the query": {
    file: "cache-by-path.mjs",
    grep: "lock-step|late-joiner|origin-abort",
    // One after another: what the first of them left in the store, the others get.
    more: ["--concurrency", "1"],
    shows: [{ facet: "source", observation: { member: "cached" } }],
    code: 1,
  },
  "keeps its upstream for 700 ms, which is allowed": {
    file: "lets-go-late.mjs",
    grep: "client-leaving",
    shows: [{ facet: "disconnect", observation: { member: "propagated-late", afterMs: between(690, 1000) } }],
    code: 0,
  },
  "keeps its upstream for 1300 ms, which is not": {
    file: "lets-go-late.mjs",
    environment: "GRACE_MS=1300 ",
    grep: "client-leaving",
    shows: [{ facet: "disconnect", observation: { member: "propagated-late", afterMs: between(1290, 1800) } }],
    code: 1,
  },
  "writes a stray newline between chunks": {
    file: "stray-newline.mjs",
    grep: "lock-step$",
    shows: [{ facet: "ending", observation: { member: "malformed", what: expect.stringContaining("0x0a") } }],
    code: 1,
  },
  "is a straight TCP pipe": { file: "straight-tcp.mjs", grep: ".", shows: [], code: 0 },
  "is a straight HTTP pipe": { file: "straight-http.mjs", grep: ".", shows: [], code: 0 },
};

/** Mostly they wait; four at a time leave the cores enough to be judged. */
const atOnce = 4;

describe("a stranger's hop that", () => {
  const ended = new Map<string, { code: number | null; report: Report }>();

  const runOne = async ([name, { file, environment = "", grep, more = [] }]: [string, Stranger]): Promise<void> => {
    const command = `${environment}${process.execPath} ${join(import.meta.dirname, "strangers", file)}`;
    const result = await hopwise(["run", "--hop", command, "--grep", grep, "--reporter", "json", ...more]);
    ended.set(name, { code: result.code, report: reportOf(result) });
  };
  const isOpen = ([name]: [string, Stranger]): boolean =>
    ended.get(name)?.report.scenarios.some(({ outcome }) => outcome === "inconclusive") ?? false;

  beforeAll(async () => {
    await inPool(atOnce, Object.entries(strangers), runOne);
    // What the machine left open beside others is asked again with the machine to itself.
    await inPool(1, Object.entries(strangers).filter(isOpen), runOne);
  });

  it.each(Object.entries(strangers))("%s", (name, { shows, code }) => {
    const result = ended.get(name);
    const scenarios = result?.report.scenarios ?? [];
    const accused = scenarios.flatMap(({ facets }) => facets.filter(({ culprit }) => culprit !== null && culprit !== "origin"));
    for (const { facet, observation } of shows)
      expect(accused.map((one) => ({ facet: one.facet, culprit: one.culprit, observation: one.observation }))).toContainEqual({
        facet,
        culprit: "hop",
        observation: expect.objectContaining(observation),
      });
    expect([...new Set(accused.map(({ facet, observation }) => `${facet} ${observation.member}`))].toSorted()).toEqual(
      [...new Set(shows.map(({ facet, observation }) => `${facet} ${String(observation["member"])}`))].toSorted(),
    );
    const whys = scenarios.map(({ id, outcome, why }) => `${id}: ${outcome}: ${why}`).join("\n");
    expect(result?.code, whys).toBe(code);
    if (code === 0) expect(scenarios.map(({ outcome }) => outcome)).toEqual(scenarios.map(() => "pass"));
    for (const { why } of scenarios) expect(why).toMatch(/^\S.*\S$/);
  });
});
