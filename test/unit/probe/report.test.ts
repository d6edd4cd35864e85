// The report of a probe: for people, and as JSON that its schema describes.
import { readFileSync } from "node:fs";
import { Ajv } from "ajv";
import { describe, expect, it } from "vitest";
import { probePretty } from "../../../harness/report/probe-pretty.ts";
import type { ProbeReport } from "../../../harness/report/probe-report.ts";
import { answerOf } from "../../../harness/report/probe-summary.ts";
import { directOf, probeWaterfall } from "../../../harness/report/probe-waterfall.ts";
import { widthOf } from "../../../harness/report/text.ts";
import { all, report } from "./_report.ts";

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

  it("has when each event of hopwise origin was due, and of no other", () => {
    const { responses } = report(all, "bad");
    expect(responses.map(({ dueMs }) => dueMs)).toEqual([undefined, undefined, undefined, undefined, [101, 501], undefined]);
  });

  it("answers in a sentence: which side, or what was seen", () => {
    expect(answerOf(report(all, "bad"))).toBe("Late or held: the origin itself is fine, so a hop in front of it is responsible");
    expect(answerOf({ ...report(all.slice(2, 3), "bad"), conclusions: [] })).toMatch(
      /^All 3 events arrived within 1 ms after 4 s of silence/,
    );
    expect(answerOf({ ...report([], "open"), conclusions: [] })).toBe("Nothing was answered");
  });
});

describe("a picture", () => {
  const pictureOf = (index: number, origin: ProbeReport["origin"] = null) => {
    const whole = { ...report(all, "bad"), origin };
    const response = whole.responses[index];
    return response ? probeWaterfall(response, directOf(response, whole), whole) : null;
  };

  it("joins each event of hopwise origin with its arrival, and marks the longest hold", () => {
    const known = pictureOf(4);
    expect(known?.joins.map(({ fromMs, toMs }) => [fromMs, toMs])).toEqual([
      [101, 900],
      [501, 901],
    ]);
    expect(known?.mark).toEqual({ fromMs: 101, toMs: 900, text: "held 799 ms" });
    expect(known?.culprit).toBe("hops in between");
  });

  it("blames what is in front of an origin that is fine", () => {
    const compared = pictureOf(2, report(all, "bad").origin);
    expect(compared?.lanes.map(({ label }) => label)).toEqual(["origin, asked directly", "at the client"]);
    expect(compared?.mark).toEqual({ fromMs: 100, toMs: 4000, text: "held 3.9 s" });
  });

  it("shows the silence alone where there is nothing to compare with", () => {
    const alone = pictureOf(2);
    expect([alone?.lanes.length, alone?.culprit]).toEqual([1, null]);
    expect(alone?.silences).toEqual([{ fromMs: 1, toMs: 4000, text: "4 s of silence, then 3 at once", isHarmful: true }]);
    expect(pictureOf(0)?.silences).toEqual([{ fromMs: 100, toMs: 200, text: "longest silence 100 ms", isHarmful: false }]);
  });

  it("is not there where no header section arrived", () => {
    expect(pictureOf(5)).toBe(null);
  });
});
