import { expect, test } from "vitest";
import { parseDockerfile } from "../../../harness/deployment/dockerfile.ts";
import { readIgnore } from "../../../harness/deployment/patterns.ts";
import { assignmentsOf, wordsOf } from "../../../harness/deployment/words.ts";

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

test("here-documents of other descriptors, several in one line that goes on", () => {
  const lines = parse("FROM nginx", "RUN cat <<EOF > /x && \\", " prog 3<<A", "x", "EOF", "y", "A", "RUN z");
  expect(lines.map(({ name, rest }) => `${name} ${rest}`)).toEqual(["FROM nginx", "RUN cat <<EOF > /x &&  prog 3<<A", "RUN z"]);
  expect(lines[1]?.hereDocuments.map(({ text }) => text)).toEqual(["x\n", "y\n"]);
});

test("what is no Dockerfile is refused with its line", () => {
  expect(() => parse("FROM nginx", "COPPY a b")).toThrow(
    'Dockerfile:2: "COPPY" is not an instruction of a Dockerfile; did you mean "COPY"?',
  );
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

test(".dockerignore: the last rule that fits decides", () => {
  const ignores = readIgnore("# comment\n*\n!conf\n/conf/*.bak\n\n./docs/\n");
  expect(["web", "conf", "conf/a.conf", "conf/a.bak", "docs/x"].map(ignores)).toEqual([true, false, false, true, true]);
});

test.for<[string, string, boolean]>([
  ["docs/**", "docs", true],
  ["docs/**/**", "docs/a/b", true],
  ["**/**", "a", true],
  [".", "a", true],
  ["*/x", "a/x/deeper", true],
  ["**\n!a/b", "a/b/c", false],
  ["docs/*\n!docs/README.md", "docs/README.md", false],
])(".dockerignore with %j and the path %s: %s", ([text, path, ignored]) => {
  expect(readIgnore(text)(path)).toBe(ignored);
});
