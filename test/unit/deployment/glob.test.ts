// Globs: what glob(3) and moby's pattern matcher do with them, and that none takes for ever.
import { posix } from "node:path";
import fc from "fast-check";
import { expect, test } from "vitest";
import { ContainerFiles } from "../../../harness/deployment/container-files.ts";
import { matcherOf } from "../../../harness/deployment/glob.ts";
import type { Dialect } from "../../../harness/deployment/glob.ts";

test.for<[pattern: string, path: string, posix: boolean, moby: boolean]>([
  ["*.conf", "a.conf", true, true],
  ["*.conf", "x/a.conf", false, false],
  ["a?c", "abc", true, true],
  ["a?c", "a/c", false, false],
  ["a?c", "ac", false, false],
  ["a?c", "a\u{1F600}c", true, true],
  ["[a-c]x", "bx", true, true],
  ["[^a-c]x", "bx", false, false],
  ["[^a-c]x", "dx", true, true],
  ["a\\*b", "a*b", true, true],
  ["a\\*b", "axb", false, false],
  ["*a*b*", "xxaxxbxx", true, true],
  ["*a*b*", "xxbxxaxx", false, false],
  ["a.b", "axb", false, false],
  ["a.|)$(}+{bc", "a.|)$(}+{bc", true, true],
  ["a*b*c*d*e*f*g", "axbxcxdxexfxg", true, true],
  ["[x\\-]", "-", true, true],
  ["[\\]a]", "]", true, true],
  ["a[", "a[", true, true],
  // Where the two differ: negation, a closing bracket at the beginning of a class, named classes.
  ["[!a-c]x", "bx", false, true],
  ["[!a-c]x", "!x", true, true],
  ["[!a-c]x", "dx", true, false],
  ["[]a]", "]", true, false],
  ["[!]a]", "b", true, false],
  ["[[:digit:]x].conf", "7.conf", true, false],
  ["[[:digit:]x].conf", "y.conf", false, false],
  // A leading dot.
  ["*", ".hidden", false, true],
  ["*.conf", ".conf", false, true],
  ["?hidden", ".hidden", false, true],
  ["[.]hidden", ".hidden", false, true],
  [".*", ".hidden", true, true],
  ["a/*", "a/.hidden", false, true],
  ["*.", "a.", true, true],
  // `**`.
  ["**", "a", true, true],
  ["**", "a/b", false, true],
  ["**/*.conf", "a.conf", false, true],
  ["**/*.conf", "x/y/a.conf", false, true],
  ["**/**/*.conf", "x/a.conf", false, true],
  ["x/**", "x/y", true, true],
  ["x/**", "x/y/z", false, true],
  ["x/**", "x", false, false],
  ["x**/*.conf", "x/y/z.conf", false, true],
  ["**file", "myfile", true, true],
  ["**file", "a/myfile", false, true],
  ["**file*", "a/myfile", false, false],
  ["**file*", "a/files", false, true],
  ["a**b", "axb", true, false],
])("the pattern %s and the path %s: %s by POSIX, %s by moby", ([pattern, path, byPosix, byMoby]) => {
  expect({ posix: matcherOf(pattern, "posix")(path), moby: matcherOf(pattern, "moby")(path) }).toEqual({ posix: byPosix, moby: byMoby });
});

const letters = fc.constantFrom("a", "b", "c");
const common = fc.oneof(letters, fc.constantFrom("*", "?", "[ab]", "[a-c]"));
const wordOf = (part: fc.Arbitrary<string>) => fc.array(part, { minLength: 1, maxLength: 6 }).map((parts) => parts.join(""));
const pathOf = (word: fc.Arbitrary<string>) => fc.array(word, { minLength: 1, maxLength: 4 }).map((parts) => parts.join("/"));
/** For Node two stars are more than one. */
const singly = (pattern: string): string => pattern.replaceAll(/\*+/g, "*");

test("what all globs have in common is as in Node's own", () => {
  fc.assert(
    fc.property(pathOf(wordOf(fc.oneof(common, fc.constant("[!a]")))), pathOf(wordOf(letters)), (given, path) => {
      const pattern = singly(given);
      expect(matcherOf(pattern, "posix")(path)).toBe(posix.matchesGlob(path, pattern));
    }),
    { numRuns: 2000 },
  );
  fc.assert(
    fc.property(pathOf(fc.oneof(wordOf(common).map(singly), fc.constant("**"))), pathOf(wordOf(letters)), (given, path) => {
      const pattern = given.replace(/(^|\/)\*\*$/, "$1*");
      expect(matcherOf(pattern, "moby")(path)).toBe(posix.matchesGlob(path, pattern));
    }),
    { numRuns: 2000 },
  );
});

test.for<Dialect>(["posix", "moby"])("a pattern made to take for ever does not (%s)", (dialect) => {
  const started = performance.now();
  expect(matcherOf(`${"*a".repeat(30)}b`, dialect)("a".repeat(20_000))).toBe(false);
  expect(matcherOf(`${"**/".repeat(100)}b`, dialect)("a/".repeat(500))).toBe(false);
  expect(performance.now() - started).toBeLessThan(5000);
});

test("rm takes away what its pattern matches, with all beneath, and no hidden files", () => {
  const place = { file: "Dockerfile", line: 1, column: 1, start: 0, end: 1 };
  const container = new ContainerFiles();
  for (const target of ["/etc/nginx/nginx.conf", "/etc/nginx/conf.d/a.conf", "/etc/nginx/.keep", "/etc/other"])
    container.put({ path: target, target, text: "", bytes: new Uint8Array(), place, inline: null });
  container.remove("/etc/nginx/*", place);
  expect(container.files.map(({ target }) => target)).toEqual(["/etc/nginx/.keep", "/etc/other"]);
});
