// docs/browsers.md says what results/browsers.json holds, and that is about the questions of today.
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, it } from "vitest";
import { packageRoot } from "../../harness/catalog/package-root.ts";
import { browsersPage } from "../../scripts/_browsers-page.ts";
import type { BrowserAnswers } from "../../scripts/_browsers-page.ts";
import { inChains } from "../browser/in-chains.ts";
import { inServers } from "../browser/in-servers.ts";
import type { Measure } from "../browser/measures.ts";
import { measures, overHttp1, overHttp2 } from "../browser/measures.ts";
import { inTime } from "../browser/time.ts";

const read = (file: string): Promise<string> => readFile(join(packageRoot, file), "utf8");
const answers = JSON.parse(await read("results/browsers.json")) as BrowserAnswers;

it("the page is up to date (npm run browsers -- --render)", async () => {
  expect(await read("docs/browsers.md")).toBe(browsersPage(answers));
});

it("the answers are to the questions of today (npm run browsers)", () => {
  const asked: Measure[] = [...measures, ...overHttp1, ...measures, ...overHttp2, ...inChains, ...inServers];
  expect(answers.answers.map(({ id, question, expected }) => ({ id, question, expected }))).toEqual(
    asked.map(({ id, question, expected, expectedAtFirst = expected }) => ({ id, question, expected: expectedAtFirst })),
  );
  expect(answers.answers.map(({ measured }) => measured)).toEqual(asked.map(({ expected }) => expected));
});

it("names what came out otherwise than expected", () => {
  const [first] = answers.answers;
  if (!first) throw new Error("there are no answers");
  const page = browsersPage({ ...answers, answers: [{ ...first, measured: "something else" }] });
  expect(page).toContain(`| ${first.question} | something else (*expected otherwise*: ${first.expected}) |`);
});

it.each([
  [1500, "1 s"],
  [1450, "1 s"],
  [2100, "1 s"],
  [3499, "1 s"],
  [1200, "1200 ms"],
  [3500, "3500 ms"],
  [NaN, "NaN ms"],
])("what was due after 1500 ms and came after %s is named %s", (measuredMs, named) => {
  expect(inTime(measuredMs, 1500)).toBe(named);
});
