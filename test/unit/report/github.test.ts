import { expect, test } from "vitest";
import { besideBaseline } from "../../../harness/report/baseline.ts";
import { github } from "../../../harness/report/github.ts";
import type { Report } from "../../../harness/report/report.ts";
import { hostile, reportOf, scenarios } from "./fixtures.ts";

interface Command {
  name: string;
  properties: Record<string, string>;
  message: string;
}

/** As the runner reads them: https://github.com/actions/runner, ActionCommand.TryParseV2. */
const commandsOf = (report: Report): Command[] => {
  const lines = github(report).split("\n");
  expect(lines.pop()).toBe("");
  return lines.map((line) => {
    const [, name = "", words = "", message = ""] = /^::(\w+) (.*?)::(.*)$/.exec(line) ?? [];
    const properties = words.split(",").map((pair): [string, string] => [pair.split("=")[0] ?? "", pair.slice(pair.indexOf("=") + 1)]);
    return { name, message: unescaped(message), properties: Object.fromEntries(properties.map(([key, value]) => [key, unescaped(value)])) };
  });
};

const unescaped = (text: string): string => decodeURIComponent(text.replaceAll(/%(?!0A|0D|25|3A|2C)/g, "%25"));

const { incremental, buffered, timedOut, unsupported, inconclusive } = scenarios;

test("a failure stands on its scenario's file", () => {
  const [error, notice] = commandsOf(reportOf(incremental, { ...buffered, file: "deploy/edge.yaml" }));
  expect(error).toMatchObject({
    name: "error",
    properties: { file: "deploy/edge.yaml", title: "whole-chain-streams-events: FAIL buffered, culprit: gzip" },
  });
  expect(error?.message.split("\n")).toEqual([buffered.title, buffered.why, `Again: ${buffered.reproduce}`]);
  expect(notice).toMatchObject({ name: "notice", properties: { title: "hopwise" }, message: "1 passed, 1 failed, 0 skipped (14.21 s)" });
});

test("what could not be judged warns, what cannot run here is noticed, what passes says nothing", () => {
  expect(commandsOf(reportOf(incremental, unsupported, inconclusive)).map(({ name }) => name)).toEqual(["notice", "warning", "notice"]);
  expect(commandsOf(reportOf(timedOut))[0]?.properties).toEqual({ title: "nginx-cuts-a-silent-stream: FAIL timed-out, culprit: nginx" });
});

test("what is known or fixed since the baseline is noticed", () => {
  const known = besideBaseline(buffered, reportOf(buffered));
  const fixed = besideBaseline(incremental, reportOf({ ...buffered, id: incremental.id }));
  expect(commandsOf(reportOf(known, fixed)).map(({ name, properties }) => [name, properties["title"]])).toEqual([
    ["notice", "whole-chain-streams-events: FAIL buffered, culprit: gzip (known)"],
    ["notice", "nginx-unbuffered-streams-events: PASS incremental (fixed)"],
    ["notice", "hopwise"],
  ]);
});

test("what came from the wire or a file starts no command of its own", () => {
  const evil = "100% ,file=x::error::owned\r\n::error::owned\n::set-output name=a::b";
  const [error, ...rest] = commandsOf(reportOf({ ...hostile, id: evil, title: evil, why: evil, file: evil }));
  expect(rest).toHaveLength(1);
  expect(Object.keys(error?.properties ?? {})).toEqual(["file", "title"]);
  expect(error?.properties["file"]).toBe(evil.replaceAll("\r", String.raw`\x0d`).replaceAll("\n", String.raw`\x0a`));
  expect(github(reportOf(hostile)).replaceAll("\n", "")).not.toMatch(/[\p{Cc}\p{Cf}\p{Cs}]/u);
});

test("an interrupted run says so", () => {
  expect(commandsOf({ ...reportOf(), interrupted: true }).at(-1)?.message).toMatch(
    /^interrupted: the remaining scenarios are missing\n0 passed/,
  );
});
