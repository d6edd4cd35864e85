import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { ConfigFile, Edit } from "../../../harness/check/configuration.ts";
import { applyEdits, fitTogether } from "../../../harness/check/edits.ts";

const file = (path: string, text: string, bytes: Uint8Array = Buffer.from(text)): ConfigFile => ({
  path,
  target: `/etc/nginx/${path}`,
  text,
  bytes,
});
const edit = (start: number, end: number, text: string, path = "a.conf"): Edit => ({ file: path, start, end, text });
const textAfter = (text: string, ...edits: Edit[]): string | null | undefined => applyEdits([file("a.conf", text)], edits)[0]?.text;

test("text gives way to text, in the bytes too, and other files are left as they are", () => {
  const other = file("b.conf", "gzip on;\n");
  const [changed, same] = applyEdits([file("a.conf", "gzip on;\n"), other], [edit(5, 7, "off")]);
  expect(changed?.text).toBe("gzip off;\n");
  expect(Buffer.from(changed?.bytes ?? []).toString()).toBe("gzip off;\n");
  expect(same).toBe(other);
});

test("two insertions at one place are both made, the same edit given two times is one", () => {
  expect(textAfter("{}", edit(1, 1, " b;"), edit(1, 1, " a;"))).toBe("{ a; b;}");
  expect(textAfter("{}", edit(1, 1, " a;"), edit(1, 1, " a;"))).toBe("{ a;}");
});

test("an insertion at either edge of a replacement is no overlap", () => {
  expect(textAfter("abc", edit(1, 2, "B"), edit(1, 1, "<"), edit(2, 2, ">"))).toBe("a<B>c");
});

test.for([
  ["the same text", edit(1, 3, "x"), edit(1, 3, "y")],
  ["a part of it", edit(1, 3, "x"), edit(2, 4, "y")],
  ["an insertion within", edit(1, 3, "x"), edit(2, 2, "y")],
] as const)("two edits of %s are refused", ([, a, b]) => {
  for (const edits of [
    [a, b],
    [b, a],
  ]) {
    expect(() => textAfter("abcdef", ...edits)).toThrow("Two edits of a.conf overlap");
    expect(fitTogether(edits)).toBe(false);
  }
});

test("edits of two files never overlap", () => {
  expect(fitTogether([edit(1, 3, "x"), edit(1, 3, "y", "b.conf")])).toBe(true);
});

test.for([
  [edit(0, 1, "", "c.conf"), "meant for c.conf"],
  [edit(2, 9, ""), "the file has 3 characters"],
  [edit(2, 1, ""), "reaches from 2 to 1"],
] as const)("what cannot be meant is refused: %j", ([wrong, says]) => {
  expect(() => textAfter("abc", wrong)).toThrow(says);
});

test("a byte order mark that the text lacks stays, a file of another coding is refused", () => {
  const mark = Buffer.from([0xef, 0xbb, 0xbf]);
  const [marked] = applyEdits([file("a.conf", "on", Buffer.concat([mark, Buffer.from("on")]))], [edit(0, 2, "off")]);
  expect(Buffer.from(marked?.bytes ?? [])).toEqual(Buffer.concat([mark, Buffer.from("off")]));
  const latin = Buffer.from("# caf\u00e9\ngzip on;", "latin1");
  expect(() => applyEdits([file("a.conf", latin.toString(), latin)], [edit(0, 0, "x")])).toThrow("not UTF-8");
});

test("a file that is only passed on is not edited", () => {
  expect(() => applyEdits([{ ...file("a.conf", ""), text: null }], [edit(0, 0, "x")])).toThrow("only passed on");
});

describe("of any text and any edits that do not overlap", () => {
  const cases = fc
    .tuple(
      fc.string({ unit: "grapheme", minLength: 1, maxLength: 60 }),
      fc.array(fc.nat(), { maxLength: 12 }),
      fc.infiniteStream(fc.string({ unit: "grapheme", maxLength: 4 })),
    )
    .map(([text, numbers, texts]) => {
      const bounds = [...new Set(numbers.map((number) => number % (text.length + 1)))].toSorted((a, b) => a - b);
      // No edit is inside a surrogate pair.
      const whole = bounds.filter((at) => !/[\uDC00-\uDFFF]/.test(text[at] ?? ""));
      const edits: Edit[] = [];
      for (let at = 0; at + 1 < whole.length; at += 2) edits.push(edit(whole[at] ?? 0, whole[at + 1] ?? 0, texts.next().value));
      return { text, edits };
    });

  test("the order does not matter, bytes are those of the text, and all that is outside stays", () => {
    fc.assert(
      fc.property(cases, fc.nat(), ({ text, edits }, turn) => {
        const [after] = applyEdits([file("a.conf", text)], edits);
        const turned = edits.map((_, at) => edits[(at + turn) % edits.length] ?? edit(0, 0, ""));
        expect(applyEdits([file("a.conf", text)], turned.toReversed())[0]?.text).toBe(after?.text);
        expect(Buffer.from(after?.bytes ?? []).toString()).toBe(after?.text);
        let rest = after?.text ?? "";
        let at = 0;
        for (const { start, end, text: instead } of edits) {
          const kept = text.slice(at, start);
          expect(rest.startsWith(kept + instead)).toBe(true);
          rest = rest.slice(kept.length + instead.length);
          at = end;
        }
        expect(rest).toBe(text.slice(at));
      }),
    );
  });
});
