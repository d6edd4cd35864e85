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
  // Two letters that make one flag, Tangut, a squared ideograph, a fullwidth and a halfwidth form.
  expect(["🇩🇪", "\u{17000}", "\u{1F202}", "Ａ", "ｱ"].map(widthOf)).toEqual([2, 2, 2, 2, 1]);
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

test.for<[text: string, width: number, lines: string[]]>([
  ["abcdefg", 3, ["abc", "def", "g"]],
  ["abcdef", 3, ["abc", "def"]],
  ["one abcdefgh two", 4, ["one", "abcd", "efgh", "two"]],
  ["one abcdefghi two", 5, ["one", "abcde", "fghi", "two"]],
  ["one abcdef x", 4, ["one", "abcd", "ef x"]],
  ["日本語だ", 5, ["日本", "語だ"]],
  ["a日本", 2, ["a", "日", "本"]],
  ["e\u0301e\u0301e\u0301", 2, ["e\u0301e\u0301", "e\u0301"]],
  ["ab\u0301\u0302c", 2, ["ab\u0301\u0302", "c"]],
  ["\u{1F600}\u{1F600}x", 3, ["\u{1F600}", "\u{1F600}x"]],
  ["a  b", 9, ["a  b"]],
  [" ab ", 2, ["ab"]],
  ["ab", 0, ["ab"]],
])("%j in %d columns", ([text, width, lines]) => {
  expect(wrap(text, width)).toEqual(lines);
});

/** How many characters are looked at while `run` runs. */
const charactersRead = (run: () => void): number => {
  const iterator = Object.getPrototypeOf(""[Symbol.iterator]()) as Iterator<string>;
  const { next } = iterator;
  let read = 0;
  iterator.next = function (this: Iterator<string>) {
    read++;
    return Reflect.apply(next, this, []);
  };
  try {
    run();
  } finally {
    iterator.next = next;
  }
  return read;
};

test("the work of breaking a word grows as the word does, and no faster, up to a megabyte", () => {
  const work = (length: number): number => charactersRead(() => wrap(`a ${"x".repeat(length)} b`, 80));
  expect(work(2 ** 11)).toBeGreaterThanOrEqual(2 ** 11);
  // The smaller one first: squared, a megabyte would take minutes to fail.
  expect(work(2 ** 14)).toBeLessThanOrEqual(2 ** 3 * work(2 ** 11));
  expect(work(2 ** 20)).toBeLessThanOrEqual(2 ** 9 * work(2 ** 11));
  const lines = wrap("x".repeat(2 ** 20), 2);
  expect([lines.length, new Set(lines)]).toEqual([2 ** 19, new Set(["xx"])]);
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
