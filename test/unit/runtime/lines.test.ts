import { expect, test } from "vitest";
import { createLines } from "../../../harness/runtime/lines.ts";

const linesOf = (pieces: readonly string[], encoding?: "latin1"): string[] => {
  const found: string[] = [];
  const lines = createLines((line) => found.push(line), encoding);
  for (const piece of pieces) lines.add(Buffer.from(piece));
  return found;
};

test("a line ends without its carriage return and spaces, and one that is empty then is none", () => {
  expect(linesOf(["one \t\r\n \t\r\n", "  tw", "o\n"])).toEqual(["one", "  two"]);
});

test("in Latin-1, each byte is kept, also a last one that is a no-break space there", () => {
  expect(linesOf(["name: Café à\r\n"])).toEqual(["name: Café à"]);
  expect(linesOf(["name: Café à\r\n"], "latin1").map((line) => Buffer.from(line, "latin1").toString())).toEqual(["name: Café à"]);
});
