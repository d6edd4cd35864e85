// Later clients, requests that a hop made once more, and who closed a connection: from a trace to the picture.
import { describe, expect, it } from "vitest";
import type { Characterization } from "../../../harness/define.ts";
import { paintOf } from "../../../harness/report/look.ts";
import { picture } from "../../../harness/report/picture.ts";
import type { ScenarioReport } from "../../../harness/report/report.ts";
import { scenarioReport } from "../../../harness/report/scenario-report.ts";
import { savedTrace } from "../../_saved-trace.ts";

const look = { width: 90, color: false };

const reportOf = (name: string, does: Characterization["does"]): ScenarioReport => {
  const trace = savedTrace(`${name}-2-of-4.json`);
  const scenario: Characterization = {
    title: name,
    chain: [{ app: "sse" }, name],
    trial: { kind: "late-joiner" },
    does,
    because: "https://example.org",
  };
  return scenarioReport({ id: name, file: null, reproduce: null, scenario, chain: { words: trace.nodes } }, trace, 0);
};

const lanesOf = (report: ScenarioReport): string[] => {
  const facet = report.facets.find((one) => one.facet === "source" && one.culprit !== null);
  if (!facet) throw new Error("Nothing is wrong with the source");
  return picture(report, facet, look, paintOf(look));
};

describe("what passed beside the first client's request", () => {
  it("is shown by client: a request that the cache answered has no lane above it", () => {
    const report = reportOf("cache-everything", { source: "cached" });
    const trialCase = report.cases.find(({ others }) => others !== undefined);
    expect(trialCase?.others?.map(({ from, to, client }) => `${from} → ${to} ${client}`)).toContainEqual(
      expect.stringMatching(/→ client 3$/),
    );
    expect(trialCase?.others?.filter(({ from, client }) => from === "origin" && client === 3)).toEqual([]);
    const lanes = lanesOf(report);
    expect(lanes.find((line) => line.startsWith("▶"))).toMatch(/▼ also requested by others$/);
    expect(lanes.at(-1)).toMatch(/→ client 3 .*[#8]┤$/);
    expect(lanes.filter((line) => line.startsWith("origin →"))).not.toContainEqual(expect.stringContaining("(3)"));
  });

  it("is shown where a hop repeated a request", () => {
    const report = reportOf("retry", { source: "retried" });
    const trialCase = report.cases.find(({ others }) => others !== undefined);
    expect(trialCase?.others?.every(({ client }) => client === 1)).toBe(true);
    expect(lanesOf(report).some((line) => /^\S+ → \S+ \(before\)/.test(line))).toBe(true);
    expect(lanesOf(report).find((line) => line.startsWith("▶"))).toMatch(/requested again/);
  });

  it("has who closed it, as seen from between the two", () => {
    const report = reportOf("keep-upstream", { disconnect: "not-propagated" });
    const [trialCase] = report.cases;
    const atClient = trialCase?.connections.at(-1)?.closings ?? [];
    expect(atClient[0]).toMatchObject({ by: "to", how: expect.stringMatching(/fin|reset/) });
    expect(atClient[0]?.atMs).toBeGreaterThan(0);
  });
});
