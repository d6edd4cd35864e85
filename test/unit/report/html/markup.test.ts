import fc from "fast-check";
import { expect, test } from "vitest";
import { markup, outwards, ownCode } from "../../../../harness/report/html/markup.ts";

const hostile = `<b onclick="x()">&'\`</b>`;

test("a value is text, in an element and in an attribute", () => {
  expect(markup`<p title="${hostile}">${hostile}</p>`.toString()).toBe(
    `<p title="&lt;b onclick=&quot;x()&quot;&gt;&amp;&#39;&#96;&lt;/b&gt;">&lt;b onclick=&quot;x()&quot;&gt;&amp;&#39;&#96;&lt;/b&gt;</p>`,
  );
});

test("markup stays markup, lists are joined, nothing is nothing, zero is a number", () => {
  const item = (text: string | number) => markup`<li>${text}</li>`;
  expect(
    markup`<ul>
      ${[item("<"), [item(0), null, false, undefined]]}
    </ul>`.toString(),
  ).toBe("<ul> <li>&lt;</li><li>0</li> </ul>");
});

test("characters that nobody sees, and those that turn text around, are shown by their numbers", () => {
  expect(markup`${"a\u202Eb\u0000\u200B\r"}`.toString()).toBe(String.raw`a\u202eb\x00\u200b\x0d`);
});

test("line ends and tabs reach the page, but are no line ends of the file", () => {
  expect(markup`${"a\n::error::\tb"}`.toString()).toBe("a&#10;::error::&#9;b");
});

test("no text leaves its place, whatever it is", () => {
  fc.assert(
    fc.property(fc.string({ unit: "binary" }), (text) => {
      const made = markup`<i title="${text}">${text}</i>`.toString();
      expect(
        made
          .replace(/^<i title="/, "")
          .replace(/<\/i>$/, "")
          .replace('">', ""),
      ).not.toMatch(/[<>"'`\n\r\t]/);
    }),
  );
});

test.for([
  ["outside of quotes", () => markup`<p title=${"x"}></p>`],
  ["as an attribute", () => markup`<p ${"x"}></p>`],
  ["as a tag", () => markup`<${"p"}></p>`],
  ["in a handler", () => markup`<p onclick="${"x"}"></p>`],
  ["in a style", () => markup`<p style="color:${"red"}"></p>`],
  ["as an address", () => markup`<a href="${"https://example.com"}">x</a>`],
  [
    "in a script",
    () =>
      markup`<script>
        ${"x"};
      </script>`,
  ],
  [
    "in a style sheet",
    () =>
      markup`<style>
        ${"x"}
      </style>`,
  ],
] as const)("a value %s is refused", ([, make]) => {
  expect(make).toThrow(TypeError);
});

test("an address inside the page may have a value", () => {
  expect(markup`<a href="#r${3}">x</a>`.toString()).toBe('<a href="#r3">x</a>');
});

test.for(["javascript:alert(1)", "data:text/html,x", "http://example.com/", "https://a b", "//example.com", 'https://a"onclick=x'])(
  "%s is no link",
  (url) => {
    expect(outwards(url, url).toString()).not.toContain("<a ");
  },
);

test("a page on the web is one", () => {
  expect(outwards("https://nginx.org/en/docs/#x&y", "docs").toString()).toBe(
    '<a href="https://nginx.org/en/docs/&#35;x&amp;y" rel="noreferrer">docs</a>',
  );
});

test("code that would end its own element is refused", () => {
  expect(() => ownCode("script", "'</SCRIPT>'")).toThrow(TypeError);
});
