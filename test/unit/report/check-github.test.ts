import { expect, test } from "vitest";
import { checkGithub } from "../../../harness/report/check-github.ts";
import type { CheckReport } from "../../../harness/report/check-report.ts";
import { checkReportOf, evil, findings, full, healthy, hostileWith } from "./check-fixtures.ts";

interface Command {
  name: string;
  properties: Record<string, string>;
  message: string;
}

/** As the runner reads them: https://github.com/actions/runner, ActionCommand.TryParseV2. */
const commandsOf = (report: CheckReport): Command[] => {
  const lines = checkGithub(report).split("\n");
  expect(lines.pop()).toBe("");
  return lines.map((line) => {
    const [, name = "", words = "", message = ""] = /^::(\w+) (.*?)::(.*)$/.exec(line) ?? [];
    const properties = words.split(",").map((pair): [string, string] => [pair.split("=")[0] ?? "", pair.slice(pair.indexOf("=") + 1)]);
    return { name, message: unescaped(message), properties: Object.fromEntries(properties.map(([key, value]) => [key, unescaped(value)])) };
  });
};

const unescaped = (text: string): string => decodeURIComponent(text.replaceAll(/%(?!0A|0D|25|3A|2C)/g, "%25"));

test("an error stands on the culprit line, with the evidence and the fix", () => {
  const [error, ...rest] = commandsOf(checkReportOf([findings.gzip], { notChecked: [], routes: [] }));
  expect(error).toMatchObject({
    name: "error",
    properties: { file: "deploy/nginx.conf", line: "5", col: "5", title: "hopwise: buffered" },
  });
  expect(error?.message.split("\n")).toEqual([
    findings.gzip.says,
    "app.example/events, Accept-Encoding: gzip",
    findings.gzip.evidence,
    "Fix: take text/event-stream out of gzip_types",
    "Cost: events are no longer compressed",
    "See docs/verdicts/buffered.md",
  ]);
  expect(rest.map(({ name, message }) => [name, message])).toEqual([["notice", "1 error, 0 notes on 0 routes (14.21 s)"]]);
});

test("errors come first, then warnings, a note is a notice, what was not judged a warning, what is left out a notice", () => {
  expect(commandsOf(full).map(({ name, properties }) => `${name} ${properties["title"]}`)).toEqual([
    "error hopwise: buffered",
    "error hopwise: buffered",
    "error hopwise: truncated-silently",
    "error hopwise: held",
    "error hopwise: cached",
    "warning hopwise: refused",
    "notice hopwise: no-effect",
    "warning hopwise: reload inconclusive",
    "warning hopwise: not checked",
    "warning hopwise: not checked",
    "notice hopwise: not checked",
    "notice hopwise",
  ]);
});

test("what fails without a finding is an error on its route's own line", () => {
  const errors = commandsOf(checkReportOf([findings.gzip])).filter(({ name }) => name === "error");
  expect(errors.map(({ properties }) => `${properties["title"]} ${properties["file"]}:${properties["line"]}`)).toEqual([
    "hopwise: buffered deploy/nginx.conf:5",
    "hopwise: events deploy/nginx.conf:16",
    "hopwise: origin-abort deploy/nginx.conf:16",
  ]);
});

test("a file is named as it is in the repository", () => {
  const [error] = commandsOf(checkReportOf([{ ...findings.gzip, at: { ...findings.gzip.at, file: "./deploy/nginx.conf" } }]));
  expect(error?.properties["file"]).toBe("deploy/nginx.conf");
});

test("where nothing is wrong there is one notice, and an interruption is in it", () => {
  expect(commandsOf({ ...healthy, interrupted: true }).map(({ message }) => message)).toEqual([
    "interrupted: the remaining checks are missing\n0 errors, 0 notes on 1 route (14.21 s)",
  ]);
});

test("what came from the wire or a file starts no command of its own", () => {
  const commands = commandsOf(hostileWith(evil));
  expect(commands.map(({ name, properties }) => [name, Object.keys(properties)])).toEqual([
    ["error", ["file", "line", "col", "title"]],
    ["notice", ["file", "line", "col", "title"]],
    ["warning", ["file", "line", "col", "title"]],
    ["warning", ["file", "line", "col", "title"]],
    ["warning", ["file", "line", "col", "title"]],
    ["notice", ["file", "line", "col", "title"]],
    ["notice", ["title"]],
  ]);
});
