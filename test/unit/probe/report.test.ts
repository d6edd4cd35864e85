// The report of a probe: for people, and as JSON that its schema describes.
import { readFileSync } from "node:fs";
import { Ajv } from "ajv";
import { describe, expect, it } from "vitest";
import { judgeResponse } from "../../../harness/probe/judge/judge.ts";
import type { Observed } from "../../../harness/probe/judge/observation.ts";
import { probePretty } from "../../../harness/report/probe-pretty.ts";
import { responseReport, saidConclusion } from "../../../harness/report/probe-report.ts";
import type { ProbeReport } from "../../../harness/report/probe-report.ts";
import { widthOf } from "../../../harness/report/text.ts";
import { events, knownEvents, observed } from "./_observed.ts";

const coded = { http: "1.1", acceptEncoding: "gzip" } as const;
const all: Observed[] = [
  observed(events([100, 200, 300])),
  observed(events([100, 200, 300]), { variation: coded }),
  observed(events([4000, 4000.5, 4001]), {
    variation: { http: "2", acceptEncoding: null },
    headers: [{ name: "Via", value: "1.1 \u001B[31mvarnish" }],
  }),
  observed(events([100, 200]), { end: { how: "cut", sign: "RST_STREAM(CANCEL)", atMs: 60_200 }, stalls: [[10, 90]] }),
  observed(
    knownEvents([
      { writtenMs: 100, atMs: 900 },
      { writtenMs: 500, atMs: 901 },
    ]),
    { gzipMembers: 2, strayBytes: 3 },
  ),
  observed([], { head: null, end: { how: "open", because: "time", atMs: 1000 } }),
];

const report = (responses: readonly Observed[], outcome: ProbeReport["outcome"]): ProbeReport => ({
  schema: "hopwise.probe/1",
  tool: { name: "hopwise", version: "0" },
  startedAt: "2026-11-30T00:00:00.000Z",
  tookMs: 61_000,
  url: "https://a.example/events",
  finalUrl: null,
  method: "GET",
  outcome,
  interrupted: false,
  responses: responses.map((one) => responseReport(judgeResponse(one))),
  origin: { url: "http://b.example/", responses: responses.slice(0, 1).map((one) => responseReport(judgeResponse(one))) },
  conclusions: [
    saidConclusion({ facet: "delivery", kind: "side", side: "path" }),
    saidConclusion({ facet: "delivery", kind: "only-over", http: "2" }),
    saidConclusion({ facet: "ending", kind: "same-cut", by: "idle-timeout", ms: 60_025, responses: 2 }),
  ],
  notChecked: [{ what: "HTTP/3", why: "no HTTP/3 client" }],
});

describe("a report", () => {
  it("is what its schema says", () => {
    const schema = JSON.parse(readFileSync(new URL("../../../harness/report/probe.schema.json", import.meta.url), "utf8")) as object;
    const validate = new Ajv({ strict: false }).compile(schema);
    const whole = JSON.parse(JSON.stringify(report(all, "bad"))) as ProbeReport;
    expect(validate(whole), JSON.stringify(validate.errors)).toBe(true);
    expect(validate({ ...whole, outcome: "good" })).toBe(false);
  });

  it.for([40, 100])("fits %i columns, controls no terminal, and says each thing once", (width) => {
    const text = probePretty(report(all, "bad"), { width, color: false });
    expect(text.split("\n").filter((line) => widthOf(line) > width)).toEqual([]);
    expect(text).not.toContain("\u001B");
    expect(text.match(/the same as HTTP\/1\.1$/gm)?.length).toBe(1);
    expect(text.replaceAll(/\s+/g, " ")).toMatch(/3 of 6 responses held, cut or changed \(61 s\) $/);
  });

  it("draws what came when", () => {
    const [lane = ""] = probePretty(report(all.slice(2, 3), "bad"), { width: 40, color: false }).match(/^ {2}h.*$/m) ?? [];
    expect(lane).toMatch(/^ {2}h─+3┤ 4 s$/);
  });
});
