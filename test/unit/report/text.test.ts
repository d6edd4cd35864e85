import fc from "fast-check";
import { expect, test } from "vitest";
import { duration, fit, pad, plain, widthOf, wrap } from "../../../harness/report/text.ts";

test("plain text keeps what can be read and shows what cannot", () => {
  expect(plain("nginx → größer ✓ 日本")).toBe("nginx → größer ✓ 日本");
  expect(plain("\u001B[31mred\u0007\r\n\t\u009B")).toBe("\\x1b[31mred\\x07\\x0d\\x0a\\x09\\x9b");
  expect(plain("a\u202Eb\u200B\uFEFF\u2028\u{E0001}")).toBe("a\\u202eb\\u200b\\ufeff\\u2028\\u{e0001}");
});

test("no text stays able to steer a terminal", () => {
  fc.assert(fc.property(fc.string({ unit: "binary" }), (text) => !/[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]/u.test(plain(text))));
});

test("widths count columns, not code units", () => {
  expect(["ab", "日本", "😀", "e\u0301", "→●"].map(widthOf)).toEqual([2, 4, 2, 1, 2]);
  expect(fit("abcdef", 4)).toBe("abc…");
  expect(fit("日本語", 4)).toBe("日…");
  expect(pad("日", 4)).toBe("日  ");
});

test("wrapped lines fit, and nothing is lost", () => {
  fc.assert(
    fc.property(fc.string({ unit: "grapheme" }), fc.integer({ min: 2, max: 40 }), (text, width) => {
      const lines = wrap(text, width);
      expect(lines.every((line) => widthOf(line) <= width)).toBe(true);
      expect(lines.join("").replaceAll(" ", "")).toBe(text.replaceAll(" ", ""));
    }),
  );
  expect(wrap("one two three", 7)).toEqual(["one two", "three"]);
  expect(wrap("", 7)).toEqual([""]);
});

test.for<[number, string]>([
  [0.2134, "0.21 ms"],
  [9.999, "10 ms"],
  [12.4, "12 ms"],
  [999.4, "999 ms"],
  [1763, "1.76 s"],
  [60_000, "60 s"],
  [125_400, "125 s"],
])("%d ms read as %s", ([ms, text]) => {
  expect(duration(ms)).toBe(text);
});
