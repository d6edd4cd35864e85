import { expect, test } from "vitest";
import { parseDockerfile } from "../../../../harness/check/compose/dockerfile.ts";
import { matcherOf, readIgnore } from "../../../../harness/check/compose/patterns.ts";
import { assignmentsOf, wordsOf } from "../../../../harness/check/compose/words.ts";

const parse = (...lines: string[]) => parseDockerfile(lines.join("\n"), "Dockerfile");

test("instructions with their places, over lines and comments", () => {
  const [from, run, copy] = parse(
    "# syntax=docker/dockerfile:1",
    "from nginx",
    "",
    "RUN a \\",
    "  # a comment",
    "",
    "  && b",
    "COPY --chown=1:2 --link x /y",
  );
  expect(from).toMatchObject({ name: "FROM", rest: "nginx", place: { line: 2, column: 1, start: 29, end: 39 } });
  expect(run?.rest.replaceAll(/\s+/g, " ")).toBe("a && b");
  expect(run?.place.line).toBe(4);
  expect(copy).toMatchObject({ name: "COPY", rest: "x /y", place: { line: 8 } });
  expect([...(copy?.flags ?? [])]).toEqual([
    ["chown", "1:2"],
    ["link", ""],
  ]);
});

test("another escape character", () => {
  expect(parse("# escape=`", "FROM nginx", "COPY a `", " c:\\")[1]?.rest.replaceAll(/\s+/g, " ")).toBe("a c:\\");
});

test("here-documents, plain, quoted and indented", () => {
  const lines = parse("FROM nginx", "COPY <<EOF <<-'TWO' /etc/", "a $HOST", "EOF", "\tb $HOST", "\tTWO", "RUN x");
  expect(lines.map(({ name }) => name)).toEqual(["FROM", "COPY", "RUN"]);
  expect(lines[1]?.hereDocuments).toMatchObject([
    { name: "EOF", text: "a $HOST\n", expands: true, place: { line: 3 } },
    { name: "TWO", text: "b $HOST\n", expands: false, place: { line: 5 } },
  ]);
});

test("what is no Dockerfile is refused with its line", () => {
  expect(() => parse("FROM nginx", "COPPY a b")).toThrow('Dockerfile:2: "COPPY" is no instruction of a Dockerfile; did you mean "COPY"?');
  expect(() => parse("FROM nginx", "COPY <<EOF /x", "a")).toThrow("Dockerfile:2: <<EOF is never closed by a line with EOF");
});

test("words with quotes and variables", () => {
  const lookup = (name: string): string | undefined => ({ A: "1", B: "two words" })[name];
  expect(wordsOf(`a "b c" '$A' "$A" x$A'y' \\$A b\\ c $B \${C:-d}`, lookup)).toEqual([
    "a",
    "b c",
    "$A",
    "1",
    "x1y",
    "$A",
    "b c",
    "two words",
    "d",
  ]);
  expect(assignmentsOf('A=1 B="x y" C', lookup)).toEqual([
    ["A", "1"],
    ["B", "x y"],
    ["C", null],
  ]);
  expect(assignmentsOf("NAME a value = with spaces", lookup)).toEqual([["NAME", "a value = with spaces"]]);
});

test.for<[string, string, boolean]>([
  ["*.conf", "a.conf", true],
  ["*.conf", "x/a.conf", false],
  ["**/*.conf", "a.conf", true],
  ["**/*.conf", "x/y/a.conf", true],
  ["x/**", "x/y/z", true],
  ["a?c", "abc", true],
  ["a?c", "a/c", false],
  ["[a-c]x", "bx", true],
  ["[!a-c]x", "bx", false],
  ["a\\*b", "a*b", true],
  ["a\\*b", "axb", false],
  ["*a*b*", "xxaxxbxx", true],
  ["*a*b*", "xxbxxaxx", false],
  ["a.b", "axb", false],
])("the pattern %s and the path %s: %s", ([glob, path, fits]) => {
  expect(matcherOf(glob)(path)).toBe(fits);
});

test("a pattern made to take for ever does not", () => {
  const path = "a".repeat(20_000);
  const started = performance.now();
  expect(matcherOf(`${"*a".repeat(30)}b`)(path)).toBe(false);
  expect(matcherOf(`${"**/".repeat(100)}b`)("a/".repeat(500))).toBe(false);
  expect(performance.now() - started).toBeLessThan(5000);
});

test(".dockerignore: the last rule that fits decides", () => {
  const ignores = readIgnore("# comment\n*\n!conf\n/conf/*.bak\n\n./docs/\n");
  expect(["web", "conf", "conf/a.conf", "conf/a.bak", "docs/x"].map(ignores)).toEqual([true, false, false, true, true]);
});
