// Patterns as trees: what is known of PCRE, what is not, and that samples fit.
import fc from "fast-check";
import { expect, test } from "vitest";
import { partsOf } from "../../../../../harness/check/servers/nginx/pattern-tree.ts";
import { patternOf } from "../../../../../harness/check/servers/nginx/patterns.ts";

test("groups are counted as they open, those in assertions too", () => {
  expect(partsOf(String.raw`(a)(?=(b))(?<n>[c-d]{2,}\3|\.)?`)).toEqual({
    kind: "sequence",
    parts: [
      { kind: "group", number: 1, part: { kind: "sequence", parts: [{ kind: "text", text: "a" }] } },
      { kind: "assertion" },
      {
        kind: "repeat",
        min: 0,
        max: 1,
        part: {
          kind: "group",
          number: 3,
          part: {
            kind: "choice",
            options: [
              {
                kind: "sequence",
                parts: [
                  { kind: "repeat", part: { kind: "set", source: "[c-d]" }, min: 2, max: Infinity },
                  { kind: "back", number: 3 },
                ],
              },
              { kind: "sequence", parts: [{ kind: "text", text: "." }] },
            ],
          },
        },
      },
    ],
  });
});

// JavaScript reads most of these as letters; to PCRE they are something else.
test.for([String.raw`\e`, String.raw`a\K`, String.raw`\cA`, String.raw`\0`, String.raw`\x4`, String.raw`(?<n>a)\k<n>`, "(", "a)", "*a"])(
  "%s is not known",
  (source) => expect(partsOf(source)).toBeNull(),
);

test.for([String.raw`\x41`, String.raw`\u0041`, "A"])("%s is an A", (source) =>
  expect(partsOf(source)).toEqual({ kind: "sequence", parts: [{ kind: "text", text: "A" }] }),
);

test("what is nested on and on is not gone into", () => {
  expect(partsOf(`${"(".repeat(49)}a${")".repeat(49)}`)).not.toBeNull();
  expect(partsOf(`${"(".repeat(100_000)}a${")".repeat(100_000)}`)).toBeNull();
  expect(partsOf("[".repeat(100_000))).toBeNull();
});

test("the first sample of a pattern without assertions and repeats of nothing fits it", () => {
  const atom = fc.constantFrom(
    "a",
    "/",
    String.raw`\.`,
    ".",
    String.raw`\d`,
    String.raw`\w`,
    "[a-z]",
    "[^/]",
    "a+",
    "b?",
    "c{2,3}",
    String.raw`[.\-]*`,
  );
  const { pattern } = fc.letrec<{ pattern: string }>((tie) => ({
    pattern: fc
      .array(
        fc.oneof(
          { weight: 4, arbitrary: atom },
          {
            weight: 1,
            arbitrary: fc.tuple(fc.constantFrom("(", "(?:"), tie("pattern")).map(([open, inner]) => `${open}${inner})`),
          },
          { weight: 1, arbitrary: fc.tuple(tie("pattern"), tie("pattern")).map(([one, other]) => `(?:${one}|${other})`) },
        ),
        { maxLength: 5 },
      )
      .map((parts) => parts.join("")),
  }));
  fc.assert(
    fc.property(pattern, (source) => {
      const known = patternOf(`^${source}$`, false);
      fc.pre(known !== null);
      const [first] = known.samples();
      // Undefined: one that could take for ever is tried for a while only.
      expect(known.match(first ?? ""), `${source} ← ${first}`).not.toBeNull();
    }),
  );
});
