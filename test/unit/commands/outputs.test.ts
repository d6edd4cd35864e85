import { expect, test } from "vitest";
import { outputsOf } from "../../../harness/commands/outputs.ts";

test("each reporter writes to its place", () => {
  expect(outputsOf(["pretty"])).toEqual([{ reporter: "pretty", to: "stdout" }]);
  expect(outputsOf(["pretty", "json=out/a=b.json"])).toEqual([
    { reporter: "pretty", to: "stdout" },
    { reporter: "json", to: { file: "out/a=b.json" } },
  ]);
});

test("where JSON takes the standard output, people read on the standard error", () => {
  expect(outputsOf(["pretty", "json"])).toEqual([
    { reporter: "pretty", to: "stderr" },
    { reporter: "json", to: "stdout" },
  ]);
});

test("XML takes the standard output as JSON does; two that want it cannot share it", () => {
  expect(outputsOf(["github", "junit", "json=a.json"]).map(({ to }) => to)).toEqual(["stderr", "stdout", { file: "a.json" }]);
  expect(outputsOf(["pretty", "github", "junit=a.xml"]).map(({ to }) => to)).toEqual(["stdout", "stdout", { file: "a.xml" }]);
  expect(() => outputsOf(["json", "junit"])).toThrow(/json and --reporter junit cannot both .* junit=report\.xml/);
});

test.for<[string, RegExp]>([
  ["jsn", /--reporter jsn is unknown; did you mean "json"\?/],
  ["tap", /--reporter tap is unknown; there are: github, html, json, junit, markdown, pretty, svg/],
  ["json=", /--reporter json= has no file name/],
  ["toString", /unknown/],
])("--reporter %s is refused", ([reporter, sentence]) => {
  expect(() => outputsOf([reporter])).toThrow(sentence);
});
