// Whatever a configuration or the wire says, it stays text in every output.
import fc from "fast-check";
import { expect, test } from "vitest";
import { checkReporters } from "../../../harness/commands/formats.ts";
import { changesOf } from "../../../harness/report/check-diff.ts";
import { childrenOf, parseXml } from "./_xml.ts";
import type { Element } from "./_xml.ts";
import { tagsOf } from "./_markdown.ts";
import { rendered } from "./_rendered.ts";
import { hostileWith } from "./check-fixtures.ts";

const look = { width: 80, color: false };

const pieces = [
  "::error::x",
  "\n::error file=a::b",
  "##[add-mask]x",
  "%0A",
  "%",
  ",",
  ":",
  "\r",
  "\n",
  "\u0000",
  "\u001B[31m",
  "\u009B",
  "\u202E",
  "\u2028",
  "\u2029\\",
  "\uD800",
  "\uFFFE",
  "\t",
  "\u00A0",
  "<b>",
  "</code>",
  "</details>",
  "</summary>",
  "<!--",
  "-->",
  "]]>",
  "<![CDATA[",
  "&amp;",
  "&#64;",
  '"',
  "'",
  "&",
  "<",
  ">",
  "`",
  "```",
  "\n```\n",
  "~~~",
  "|",
  "\\|",
  "\\",
  "*",
  "_",
  "**x**",
  "_x_",
  "[x](y)",
  "![x](y)",
  "[^1]",
  "[ ] ",
  "$x$",
  "# ",
  "- ",
  "+ ",
  "1. ",
  "1) ",
  "> ",
  "---",
  "===",
  "    ",
  "  \n",
  "@a",
  "#1",
  "https://e.example",
  "www.e.example",
  "a@b.example",
  ":x:",
  "{0}",
  "}",
  "](",
  "--- a",
  "+++ a",
  "@@ -1 +1 @@",
  " ",
  "0",
  "é",
  "𝒳",
  "\u200B",
];

/** Never nothing but spaces: what is empty has no element. */
const word = fc
  .array(fc.oneof(fc.constantFrom(...pieces), fc.string({ unit: "binary", maxLength: 6 }), fc.string({ maxLength: 6 })), { maxLength: 8 })
  .map((parts) => `${parts.join("")}x`);

const holds = (property: (text: string) => void): void => fc.assert(fc.property(word, property), { numRuns: 300 });

const same = hostileWith("x");

test.for([...checkReporters.keys()])("%s: no character steers a terminal, no line is a command", (name) => {
  holds((text) => {
    const output = rendered(name, hostileWith(text), look);
    expect(output.replaceAll("\n", "")).not.toMatch(/[\p{Cc}\p{Cf}\p{Cs}\u2028\u2029]/u);
    if (name !== "github") expect(output).not.toMatch(/^\s*::|##\[/m);
  });
});

test("json: the report comes back as it was", () => {
  holds((text) => {
    const report = hostileWith(text);
    expect(JSON.parse(rendered("json", report))).toEqual(JSON.parse(JSON.stringify(report)));
  });
});

const shape = ({ name, children }: Element): string => `${name}(${children.map(shape).join()})`;

test("junit: the tree is the same whatever is said in it", () => {
  const wanted = shape(parseXml(rendered("junit", same)));
  holds((text) => {
    const root = parseXml(rendered("junit", hostileWith(text)));
    expect(shape(root)).toBe(wanted);
    expect(childrenOf(root, "testsuite")).toHaveLength(1);
  });
});

test("github: each finding is one command with its own properties", () => {
  holds((text) => {
    const lines = rendered("github", hostileWith(text)).trimEnd().split("\n");
    expect(lines).toHaveLength(7);
    for (const line of lines.slice(0, -1)) expect(line).toMatch(/^::(error|warning|notice) file=[^:,]*,line=\d+,col=\d+,title=[^:,]*::/);
  });
});

test("sarif: paths are relative URIs, messages have no links and no placeholders", () => {
  holds((text) => {
    const { results } = JSON.parse(rendered("sarif", hostileWith(text))).runs[0];
    expect(results).toHaveLength(2);
    for (const { message, locations } of results) {
      expect(message.text.replaceAll("{{", "").replaceAll("}}", "")).not.toMatch(/[{}]|\]\(/);
      expect(locations[0].physicalLocation.artifactLocation.uri).toMatch(/^(?![A-Za-z][\w+.-]*:|\/)([\w\-.~!*'()/]|%[\dA-F]{2})+$/);
    }
  });
});

test("markdown: the page has the same elements whatever is said in it", () => {
  const wanted = tagsOf(rendered("markdown", same));
  holds((text) => {
    expect(tagsOf(rendered("markdown", hostileWith(text)))).toEqual(wanted);
  });
});

test("a diff is read whole or not at all", () => {
  holds((text) => {
    const one = text.replaceAll(/[\r\n]/g, "");
    const diff = `--- f\n+++ f\n@@ -1,2 +1,2 @@\n ${one}\n-${one}\n+2${one}\n`;
    expect(changesOf(diff)).toEqual([{ file: "f", replacements: [{ from: 2, deletes: 1, inserts: [`2${one}`] }] }]);
    expect(() => changesOf(text)).not.toThrow();
  });
});
