// Bad hops of strangers, through the command line alone and judged by its JSON alone: each has one disease, and must be told what it has.
import { join } from "node:path";
import { beforeAll, describe, expect, it } from "vitest";
import type { Report } from "../../harness/report/report.ts";
import { hopwise, inPool, reportOf } from "./_cli.ts";

interface Found {
  facet: string;
  finding: Record<string, unknown>;
}

interface Stranger {
  /** In `strangers/`, or elsewhere by its path. */
  file: string;
  environment?: string;
  /** Which of the standard trials. */
  grep: string;
  /** What at least one arm must show, with the hop as its culprit; of nothing else may the hop be accused. */
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
    shows: [{ facet: "delivery", finding: { member: "buffered", released: "end", flooded: true } }],
    code: 1,
  },
  "lets go every 1500 bytes": {
    file: "every-1500-bytes.mjs",
    grep: "lock-step$",
    shows: [
      {
        facet: "delivery",
        finding: { member: "batched", by: "bytes", atLeastBytes: between(1300, 1500), atMostBytes: between(1500, 1700) },
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
        finding: { member: "batched", by: "bytes", atLeastBytes: between(500, 1024), atMostBytes: between(1024, 1500) },
      },
    ],
    code: 1,
  },
  "gathers for 350 ms (raw TCP)": {
    file: "timer-350.mjs",
    grep: "lock-step$|header-hold",
    shows: [
      { facet: "delivery", finding: { member: "batched", by: "timer", timerMs: between(340, 420) } },
      { facet: "headers", finding: { member: "held", until: "timer", heldForMs: between(340, 450) } },
    ],
    code: 1,
  },
  "is two events behind": {
    file: "two-behind.mjs",
    grep: "lock-step$",
    shows: [{ facet: "delivery", finding: { member: "lagging", records: 2 } }],
    code: 1,
  },
  "fills 16 kB (raw TCP)": {
    file: "coalesces-16k.mjs",
    grep: "lock-step$|bodyless",
    shows: [
      { facet: "delivery", finding: { member: "batched", by: "bytes", atMostBytes: between(16_000, 40_000) } },
      // Nothing tells a TCP proxy that a response is over: its rest stays in the buffer for as long as the connection is open.
      { facet: "ending", finding: { member: "hung" } },
    ],
    code: 1,
  },
  "adds a Content-Length by gathering": {
    file: "adds-a-length.mjs",
    grep: "lock-step$",
    shows: [
      { facet: "delivery", finding: { member: "buffered" } },
      { facet: "integrity", finding: { member: "altered", how: "header", detail: expect.stringContaining("Content-Length") } },
    ],
    code: 1,
  },
  "takes chunks apart and delimits by the connection's end": {
    file: "until-close.mjs",
    grep: "origin-abort|lock-step$",
    shows: [{ facet: "ending", finding: { member: "incomplete-silent", cause: "origin-abort" } }],
    code: 1,
  },
  "forgets the last event and ends cleanly": {
    file: "drops-the-last.mjs",
    grep: "lock-step$",
    shows: [
      { facet: "delivery", finding: { member: "lagging", records: 1 } },
      { facet: "ending", finding: { member: "incomplete-silent", cause: "own" } },
    ],
    code: 1,
  },
  "stops after five events and ends cleanly": {
    file: "stops-after-five.mjs",
    grep: "lock-step$",
    shows: [{ facet: "ending", finding: { member: "incomplete-silent", cause: "limit-unclassified" } }],
    code: 1,
  },
  "answers from a cache by path, without the query": {
    file: "cache-by-path.mjs",
    grep: "lock-step|late-joiner|origin-abort",
    // One after another: what the first of them left in the store, the others get.
    more: ["--at-once", "1"],
    shows: [{ facet: "source", finding: { member: "cached" } }],
    code: 1,
  },
  "keeps its upstream for 700 ms, which is allowed": {
    file: "lets-go-late.mjs",
    grep: "client-leaving",
    shows: [{ facet: "disconnect", finding: { member: "late", afterMs: between(690, 1000) } }],
    code: 0,
  },
  "keeps its upstream for 1300 ms, which is not": {
    file: "lets-go-late.mjs",
    environment: "GRACE_MS=1300 ",
    grep: "client-leaving",
    shows: [{ facet: "disconnect", finding: { member: "late", afterMs: between(1290, 1800) } }],
    code: 1,
  },
  "writes a stray newline between chunks": {
    file: "stray-newline.mjs",
    grep: "lock-step$",
    shows: [{ facet: "ending", finding: { member: "malformed", what: expect.stringContaining("0x0a") } }],
    code: 1,
  },
  "is a straight TCP pipe": { file: "straight-tcp.mjs", grep: ".", shows: [], code: 0 },
  "is a straight HTTP pipe": { file: "straight-http.mjs", grep: ".", shows: [], code: 0 },
};

/** Mostly they wait; four at a time leave the cores enough to be judged. */
const atOnce = 4;

describe("a stranger's hop that", () => {
  const ended = new Map<string, { code: number | null; report: Report }>();

  beforeAll(async () => {
    await inPool(atOnce, Object.entries(strangers), async ([name, { file, environment = "", grep, more = [] }]) => {
      const command = `${environment}${process.execPath} ${join(import.meta.dirname, "strangers", file)}`;
      const result = await hopwise(["run", "--hop", command, "--grep", grep, "--reporter", "json", ...more]);
      ended.set(name, { code: result.code, report: reportOf(result) });
    });
  });

  it.each(Object.entries(strangers))("%s", (name, { shows, code }) => {
    const result = ended.get(name);
    const scenarios = result?.report.scenarios ?? [];
    const accused = scenarios.flatMap(({ facets }) => facets.filter(({ culprit }) => culprit !== null && culprit !== "origin"));
    for (const { facet, finding } of shows)
      expect(accused.map((one) => ({ facet: one.facet, culprit: one.culprit, finding: one.finding }))).toContainEqual({
        facet,
        culprit: "hop",
        finding: expect.objectContaining(finding),
      });
    expect([...new Set(accused.map(({ facet, finding }) => `${facet} ${finding.member}`))].toSorted()).toEqual(
      [...new Set(shows.map(({ facet, finding }) => `${facet} ${String(finding["member"])}`))].toSorted(),
    );
    const whys = scenarios.map(({ id, outcome, why }) => `${id}: ${outcome}: ${why}`).join("\n");
    expect(result?.code, whys).toBe(code);
    if (code === 0) expect(scenarios.map(({ outcome }) => outcome)).toEqual(scenarios.map(() => "pass"));
    for (const { why } of scenarios) expect(why).toMatch(/^\S.*\S$/);
  });
});
