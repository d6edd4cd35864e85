import { expect, test } from "vitest";
import { readVariables } from "../../../harness/deployment/dotenv.ts";
import { substitute } from "../../../harness/deployment/substitute.ts";

const set: Record<string, string> = { HOST: "web", EMPTY: "", PORT: "8000" };
const lookup = (name: string): string | undefined => (Object.hasOwn(set, name) ? set[name] : undefined);

test.for<[string, string]>([
  ["$HOST:${PORT}", "web:8000"],
  ["${NONE}", ""],
  ["${NONE-d}|${EMPTY-d}|${HOST-d}", "d||web"],
  ["${NONE:-d}|${EMPTY:-d}|${HOST:-d}", "d|d|web"],
  ["${NONE+r}|${EMPTY+r}|${HOST+r}", "|r|r"],
  ["${NONE:+r}|${EMPTY:+r}|${HOST:+r}", "||r"],
  ["${NONE:-${ALSO_NONE:-$HOST}}", "web"],
  ["${NONE:-}", ""],
  ["$$host $${PORT} $$$$", "$host ${PORT} $$"],
  ["${HOST?no}${EMPTY?no}", "web"],
  ["a $HOST_x b", "a  b"],
  ["${toString}", ""],
])("compose fills in %s", ([text, filled]) => {
  expect(substitute(text, { lookup, dialect: "compose" })).toBe(filled);
});

test.for<[string, RegExp]>([
  ["${NONE:?give it}", /needs NONE \(give it\), which is not set/],
  ["${EMPTY:?}", /needs EMPTY, which is not set/],
  ["${NONE?x}", /needs NONE/],
  ["$1", /"\$1", which is no variable; .*"\$\$"/],
  ["a $", /is no variable/],
  ["${HOST", /is no variable/],
  ["${HOST:-x", /never closed/],
  ["${HOST!x}", /is no variable/],
  [`${"${A:-".repeat(30)}${"}".repeat(30)}`, /more than 20 deep/],
])("compose refuses %s", ([text, sentence]) => {
  expect(() => substitute(text, { lookup, dialect: "compose" })).toThrow(sentence);
});

test.for<[string, string]>([
  ["\\$HOST $HOST \\${PORT}", "$HOST web ${PORT}"],
  ["$1 $! $", "$1 $! $"],
  ["${HOST", "${HOST"],
  ["${NONE:-a", "${NONE:-a"],
])("a shell's text %s", ([text, filled]) => {
  expect(substitute(text, { lookup, dialect: "shell" })).toBe(filled);
});

test("variables that multiply are stopped", () => {
  const long = "x".repeat(100_000);
  expect(() => substitute("$A".repeat(11), { lookup: () => long, dialect: "compose" })).toThrow(/longer than 1000000 characters/);
});

test("names that are set nowhere are reported", () => {
  const unset: string[] = [];
  substitute("$NONE ${ALSO} ${WITH:-default} $HOST", { lookup, dialect: "compose", unset: (name) => unset.push(name) });
  expect(unset).toEqual(["NONE", "ALSO"]);
});

test("a file of variables", () => {
  const text = [
    "# comment",
    "PLAIN=value # and a comment",
    "HASH=a#b",
    "export EXPORTED=yes",
    "SINGLE='$HOST as it is'",
    'DOUBLE="line\\none $HOST"',
    "MANY='two",
    "lines'",
    "HANDED_ON",
    "EMPTY=",
    "  INDENTED = spaced ",
    "FROM_BEFORE=${PLAIN}/x",
    "no assignment here!",
    "LAST=end",
  ].join("\r\n");
  expect(Object.fromEntries(readVariables(text, lookup))).toEqual({
    PLAIN: "value",
    HASH: "a#b",
    EXPORTED: "yes",
    SINGLE: "$HOST as it is",
    DOUBLE: "line\none web",
    MANY: "two\nlines",
    HANDED_ON: null,
    EMPTY: "",
    INDENTED: "spaced",
    FROM_BEFORE: "value/x",
    LAST: "end",
  });
});
