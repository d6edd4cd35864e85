import { expect, test } from "vitest";
import { checkMarkdown } from "../../../harness/report/check-markdown.ts";
import { checkReportOf, evil, findings, full, healthy, hostileWith, routes, typical } from "./check-fixtures.ts";
import { htmlOf, tagsOf } from "./_markdown.ts";

test("a check in Markdown", () => {
  expect(checkMarkdown(full)).toMatchSnapshot();
});

test.for(Object.values(findings))(
  "the summary of $id has its place and what its line does; kind, route, trial and fix are below",
  (finding) => {
    const { at, says, quote, rule, route, check, fix } = finding;
    const card = htmlOf(checkMarkdown(full))
      .split("<details>")
      .find((one) => one.includes(`<code>${at.file}&#58;${at.line}</code> ${says}</summary>`));
    expect(card).toContain(`<strong>${rule}</strong> on <code>${route}</code>, seen in <code>${check}</code>`);
    expect(card).toContain(`${at.line} │ ${quote.trim()}`);
    expect(card).toContain(fix ? fix.title : finding.level === "error" ? "No fix was proven." : says);
    for (const [name, value] of fix?.headers ?? []) expect(card).toContain(`${name}: ${value}`);
    for (const line of fix?.diff?.match(/^[-+] .*$/gm) ?? []) expect(card).toContain(line.replaceAll('"', "&quot;"));
  },
);

test("a table of all routes, a folded finding each, the diff as one", () => {
  const html = htmlOf(checkMarkdown(typical));
  expect(html.match(/<tr>/g)).toHaveLength(3);
  expect(html.match(/<details>/g)).toHaveLength(4);
  expect(html.match(/<\/details>/g)).toHaveLength(4);
  expect(html.match(/<code class="language-diff">/g)).toHaveLength(3);
  expect(html).toContain("-    gzip_types text/plain text/event-stream;\n+    gzip_types text/plain;");
  expect(html).toContain("<h2>hopwise check: 3 errors, 1 note on 2 routes, 1 trial not judged (14.21 s)</h2>");
  expect(html).not.toContain("<a ");
});

test("where nothing is wrong there is nothing to unfold", () => {
  expect(checkMarkdown(healthy)).not.toContain("<details>");
});

test("what came from the wire or a file is text: the page has the same elements whatever it says", () => {
  expect(tagsOf(checkMarkdown(hostileWith(evil)))).toEqual(tagsOf(checkMarkdown(hostileWith("word"))));
});

test("no one is notified, no issue is linked", () => {
  const text = htmlOf(checkMarkdown(checkReportOf([{ ...findings.gzip, says: "@admin #1 org/repo#2 !3 $4$ %5 ~6 &7" }])));
  const outside = text
    .replaceAll(/<code[^]*?<\/code>/g, "")
    .replaceAll(/&#(\d+);/g, (_, unit: string) => String.fromCharCode(Number(unit)));
  expect(outside).toContain("@\u200Badmin #\u200B1 org/repo#\u200B2 !\u200B3 $\u200B4$ %\u200B5 ~\u200B6 &\u200B7</summary>");
});

test("a report with a thousand findings fits a comment, and says that it is cut", () => {
  const many = Array.from({ length: 1000 }, (_, index) => ({ ...findings.gzip, says: `finding ${index} ${"x".repeat(500)}` }));
  const [route] = routes;
  const long = "y".repeat(3000);
  const text = checkMarkdown(
    checkReportOf(many, {
      routes: Array.from({ length: 300 }, (_, index) => ({ ...(route as (typeof routes)[number]), id: `r${index}${long}` })),
    }),
  );
  expect(text.length).toBeLessThan(65_536);
  const shown = text.match(/<details>/g)?.length ?? 0;
  expect(shown).toBeGreaterThan(5);
  expect(text).toContain(`${1000 - shown} more did not fit.`);
  expect(text).toContain("200 more routes did not fit.");
  expect(text.match(/<\/details>/g)).toHaveLength(shown);
});
