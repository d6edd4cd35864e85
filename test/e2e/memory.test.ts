// The memory trial on real processes: hops that hold the body, keep a copy of it, or read on while their client does not, and hops that do none of it.
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { openCatalog } from "../../harness/catalog/catalog.ts";
import { packageRoot } from "../../harness/catalog/package-root.ts";
import type { Scenario } from "../../harness/define.ts";
import type { Trace } from "../../harness/model/trace.ts";
import type { ScenarioReport } from "../../harness/report/report.ts";
import { openRuntime } from "../../harness/session/choose-runtime.ts";
import { run } from "../../harness/session/run.ts";
import type { Runtime } from "../../harness/runtime/runtime.ts";
import { lacks, needs } from "../_needs.ts";

const pipe = "http-pipe";

interface Seen {
  report: ScenarioReport;
  trace: Trace;
}

describe("the memory trial", needs(process.platform === "linux", lacks.linux), () => {
  let runtime: Runtime;
  beforeAll(async () => {
    runtime = await openRuntime("process", {});
  });
  afterAll(() => runtime[Symbol.asyncDispose]());

  const all = async (scenarios: readonly Scenario[]): Promise<Seen[]> => {
    const seen: Seen[] = [];
    await run({
      catalog: openCatalog({ servers: [join(packageRoot, "test/mutants")] }),
      scenarios: scenarios.map((scenario, at) => ({ id: String(at), file: "", load: () => Promise.resolve(scenario) })),
      runtime,
      version: "0",
      onScenario: (report, trace) => void (trace && seen.push({ report, trace })),
    });
    return seen.toSorted((one, other) => one.report.id.localeCompare(other.report.id));
  };

  const memoryOf = (hops: string[]): Scenario => ({
    title: "",
    chain: [{ app: "binary" }, ...hops],
    trial: { kind: "memory" },
    must: { memory: "bounded" },
  });

  const through = async (...hops: string[]): Promise<Seen> => (await all([memoryOf(hops)]))[0]!;

  const shownIn = ({ facets }: ScenarioReport) =>
    facets.map(({ observation, culprit }) => [observation.member, "reader" in observation && observation.reader, culprit]);

  it("passes a straight pipe alone on the machine, and has its samples from before the first request to after the last response", async () => {
    const other: Scenario = { title: "", chain: [{ app: "sse" }, pipe], trial: { kind: "paced" }, must: { end: "complete" } };
    const [{ report, trace } = expect.fail("no report"), beside] = await all([memoryOf([pipe]), other]);
    const spans = [...(beside?.trace.cases ?? []), ...trace.cases].map(({ startedAt, endedAt }) => [startedAt, endedAt]);
    // One after another: first the other scenario, then case by case.
    expect(spans.flat()).toEqual(spans.flat().toSorted((one, two) => one - two));
    expect(report).toMatchObject({ outcome: "pass", headline: "bounded" });
    expect(shownIn(report)).toEqual([
      ["bounded", "fast", null],
      ["bounded", "slow", null],
    ]);
    for (const { startedAt, endedAt, samples = [], case: trialCase } of trace.cases) {
      const [{ at, residentKb, memory = [], problems } = expect.fail(`no samples in ${trialCase.id}`)] = samples;
      expect(problems).toEqual([]);
      expect(at[0]).toBeLessThan(0);
      expect(at.at(-1)).toBeGreaterThanOrEqual(Math.floor(endedAt - startedAt));
      expect(residentKb).toHaveLength(at.length);
      expect(Math.max(...(residentKb ?? []))).toBeLessThanOrEqual(1.02 * memory.reduce((sum, { peakKb }) => sum + peakKb, 0));
    }
    expect(report.cases.map(({ sampled }) => sampled?.[0]?.hop)).toEqual(report.cases.map(() => pipe));
  });

  it.for([[["hold-all"]], [["hold-all", pipe, pipe]], [[pipe, "hold-all", pipe]], [[pipe, pipe, "hold-all"]]])(
    "finds the hop that holds the body: %j",
    async ([hops = []]) => {
      const { report } = await through(...hops);
      expect(report).toMatchObject({ outcome: "fail", headline: "grows", culprit: "hold-all" });
      expect(shownIn(report)[0]).toEqual(["grows", "fast", "hold-all"]);
      const [facet] = report.facets;
      const others = facet?.hops.filter(({ hop }) => hop !== "hold-all");
      expect(others?.map((one) => ("observation" in one ? one.observation.member : one.why))).toEqual(others?.map(() => "bounded"));
    },
  );

  it("finds the hop that passes everything on, and keeps a copy", async () => {
    const { report } = await through("keep-a-copy", pipe);
    expect(report).toMatchObject({ outcome: "fail", headline: "grows", culprit: "keep-a-copy" });
  });

  it("finds the hop that reads on while its client does not", async () => {
    const { report } = await through(pipe, "no-backpressure");
    expect(report).toMatchObject({ outcome: "fail", headline: "grows", culprit: "no-backpressure" });
    expect(shownIn(report)).toContainEqual(["grows", "slow", "no-backpressure"]);
  });
});
