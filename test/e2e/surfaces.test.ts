// What people use every day, as programs of their own: a first scenario, both forms of a scenario, shards, a baseline.
import { existsSync } from "node:fs";
import { mkdir, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { parse } from "yaml";
import { readReport } from "../../harness/commands/read-report.ts";
import type { Scenario } from "../../harness/define.ts";
import { facetsAskedFor } from "../../harness/model/outcome.ts";
import type { Report, ScenarioReport } from "../../harness/report/report.ts";
import { childrenOf, parseXml } from "../unit/report/_xml.ts";
import { hopwise, reportOf } from "./_cli.ts";

let folder = "";
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "hopwise-surfaces-"));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

const inProcesses = ["--runtime", "process"];

test("init writes a scenario that passes and a workflow that may do nothing, and overwrites neither", async () => {
  const place = { folder: join(folder, "init") };
  await mkdir(place.folder);
  const first = await hopwise(["init"], place);
  expect(first).toMatchObject({ code: 0, err: "" });
  expect(first.out).toContain("Next:\n  npm install --save-dev hopwise@");

  const scenario = join(place.folder, "hopwise/events-survive.yaml");
  await writeFile(scenario, (await readFile(scenario, "utf8")).replace("survive our edge", "survive what is mine"));
  const again = await hopwise(["init"], place);
  expect(again).toMatchObject({ code: 2, out: "", err: expect.stringMatching(/already exist; nothing was written\. .* --force/) });
  const report = reportOf(await hopwise(["run", "hopwise", ...inProcesses, "--reporter", "json"], place));
  expect(report.scenarios).toMatchObject([
    { id: "events-survive", file: "hopwise/events-survive.yaml", outcome: "pass", title: "Events survive what is mine" },
  ]);
  await rm(join(place.folder, ".github"), { recursive: true });
  expect(await hopwise(["init"], place)).toMatchObject({ code: 2, err: expect.stringContaining("events-survive.yaml already exists") });
  expect(existsSync(join(place.folder, ".github"))).toBe(false);

  expect(await hopwise(["init", "--force"], place)).toMatchObject({ code: 0 });
  expect(await readFile(scenario, "utf8")).toContain("survive our edge");
  const text = await readFile(join(place.folder, ".github/workflows/hopwise.yml"), "utf8");
  const workflow = parse(text) as { permissions: object; jobs: { streams: { steps: { uses?: string; run?: string }[] } } };
  expect(workflow.permissions).toEqual({});
  const { steps } = workflow.jobs.streams;
  for (const { uses } of steps) if (uses !== undefined) expect(uses).toMatch(/^actions\/[\w-]+@[0-9a-f]{40}$/);
  expect(steps.find(({ run }) => run?.includes("hopwise@"))?.run).toMatch(/^npx --yes hopwise@\S+ run hopwise --runtime process /);
});

const askedOf = ({ kind, expected }: Pick<ScenarioReport, "kind" | "expected">): Set<string> =>
  facetsAskedFor((kind === "requirement" ? { must: expected } : { does: expected }) as unknown as Scenario);

/** What does not depend on the clock, nor on where the file is. */
const reported = ({ scenarios }: Report): unknown =>
  scenarios
    .map(({ cases, facets, limits, ...rest }: ScenarioReport) => ({
      ...rest,
      inconclusive: [],
      why: "",
      tookMs: 0,
      attempts: 1,
      file: null,
      reproduce: null,
      // Others are there or not, as the clock has it.
      facets: facets
        .filter(({ facet }) => askedOf(rest).has(facet))
        .map(({ facet, observation, culprit }) => ({ facet, member: observation.member, culprit })),
      // A busy machine is given another attempt, which is a case of its own.
      decisive: rest.decisive?.facet ?? null,
      limits: limits.map(({ kind, culprit }) => ({ kind, culprit })),
      cases: cases.slice(0, 1).map(({ id }) => id),
    }))
    .toSorted((a, b) => a.id.localeCompare(b.id));

test("three scenarios in both forms give the same report", async () => {
  const forms = join(import.meta.dirname, "../unit/catalog/forms");
  const asYaml = reportOf(await hopwise(["run", forms, ...inProcesses, "--reporter", "json"]));
  const ids = asYaml.scenarios.map(({ id }) => id);
  expect(ids).toHaveLength(3);
  const typed = reportOf(await hopwise(["run", ...ids, ...inProcesses, "--reporter", "json"]));
  expect(asYaml.scenarios.map(({ outcome }) => outcome)).toEqual(["pass", "pass", "pass"]);
  expect(reported(asYaml)).toEqual(reported(typed));
});

/** What must pass is confirmed record by record: one that the machine makes late leaves nothing open. */
const streaming = (title: string, hop: string, trial: "lock-step" | "paced"): string => `title: ${title}
chain: [{ app: sse }, ${hop}]
request: { acceptEncoding: gzip }
trial: { kind: ${trial} }
must: { deliver: incrementally }
`;

test("shards are merged, a baseline forgives what it knows, and a finding can be pasted to see it again", async () => {
  const place = { folder: join(folder, "shards") };
  await mkdir(join(place.folder, "deploy"), { recursive: true });
  const gzip = (variant: string): string => `{ server: http-pipe, middlewares: [${variant}] }`;
  await writeFile(join(place.folder, "deploy/a.yaml"), streaming("Events survive a gzip that flushes", gzip("gzip:flush"), "lock-step"));
  await writeFile(join(place.folder, "deploy/b.yaml"), streaming("Events survive a gzip that never flushes", gzip("gzip"), "paced"));

  const shards = await Promise.all(
    ["1/2", "2/2"].map((shard, index) =>
      hopwise(["run", "deploy", ...inProcesses, "--shard", shard, "--reporter", `json=out/${index}.json`], place),
    ),
  );
  expect(shards.map(({ code }) => code)).toEqual([0, 1]);
  expect(await hopwise(["merge", "out/1.json"], place)).toMatchObject({ code: 2, err: "hopwise: The report of shard 1/2 is missing\n" });

  const merged = await hopwise(
    ["merge", "out/1.json", "out/0.json", "--reporter", "github", "--reporter", "junit=out/all.xml", "--reporter", "json=out/all.json"],
    place,
  );
  expect(merged.code).toBe(1);
  expect(merged.out).toMatch(/^::error file=deploy\/b\.yaml,title=b%3A FAIL buffered%2C culprit%3A gzip::Events survive a gzip that never/);
  const suite = parseXml(await readFile(join(place.folder, "out/all.xml"), "utf8"));
  expect(suite.attributes).toMatchObject({ tests: "2", failures: "1", errors: "0" });
  expect(childrenOf(suite, "testsuite")).toHaveLength(1);
  const all = await readReport(join(place.folder, "out/all.json"));
  expect(all.scenarios.map(({ id, outcome }) => [id, outcome])).toEqual([
    ["a", "pass"],
    ["b", "fail"],
  ]);

  const beside = await hopwise(["run", "deploy", ...inProcesses, "--baseline", "out/all.json", "--reporter", "json"], place);
  expect(beside.code).toBe(0);
  expect(reportOf(beside).scenarios.map(({ baseline }) => baseline?.change)).toEqual([undefined, "known"]);

  const line = all.scenarios[1]?.reproduce ?? "";
  expect(line).toBe("npx hopwise run deploy/b.yaml --runtime process --save-traces traces");
  expect((await hopwise(line.split(" ").slice(2), place)).code).toBe(1);
  expect(existsSync(join(place.folder, "traces/b.json"))).toBe(true);
});
