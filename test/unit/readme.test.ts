// The README fits two screens, and its samples are what today's renderers make of recorded runs.
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { Ajv } from "ajv";
import { describe, expect, it } from "vitest";
import { packageRoot } from "../../harness/catalog/package-root.ts";
import checkSchema from "../../harness/report/check.schema.json" with { type: "json" };
import runSchema from "../../harness/report/report.schema.json" with { type: "json" };
import { widthOf } from "../../harness/report/text.ts";
import type { Report } from "../../harness/report/report.ts";
import { pictures } from "../../scripts/_readme-pictures.ts";
import { withSamples } from "../../scripts/_readme-samples.ts";

const textOf = (page: string): Promise<string> => readFile(join(packageRoot, page), "utf8");
const readme = await textOf("README.md");
const reports = {
  run: JSON.parse(await textOf("docs/samples/readme/run.json")) as unknown,
  check: JSON.parse(await textOf("docs/samples/readme/check.json")) as unknown,
};

describe("the README", () => {
  it("has at most 120 lines of at most 200 characters", () => {
    const lines = readme.trimEnd().split("\n");
    expect(lines.length).toBeLessThanOrEqual(120);
    expect(lines.filter((line) => widthOf(line) > 200)).toEqual([]);
  });

  it("shows the recorded reports as they are rendered today (npm run readme)", () => {
    expect(withSamples(readme, reports)).toBe(readme);
  });

  it("shows the recorded run as it is drawn today (npm run readme)", async () => {
    for (const [name, drawn] of Object.entries(pictures(reports.run as Report))) expect(await textOf(`docs/images/${name}`)).toBe(drawn);
  });

  it.each([
    ["run", runSchema],
    ["check", checkSchema],
  ] as const)("has a recorded report of the present schema: %s", (name, schema) => {
    const validate = new Ajv({ strict: false }).compile(schema);
    validate(reports[name]);
    expect(validate.errors).toBeNull();
  });

  it("was made from the configuration that it links to", async () => {
    const quoted = (reports.check as { findings: { quote: string; at: { line: number } }[] }).findings;
    const lines = (await textOf("docs/samples/readme/deploy/nginx.conf")).split("\n");
    expect(quoted.map(({ at }) => lines[at.line - 1])).toEqual(quoted.map(({ quote }) => quote));
  });
});
