// What containers get as an archive: large ids, and long names in the way that busybox reads too.
import { expect, test } from "vitest";
import { tar } from "../../../harness/runtime/tar.ts";

const block = 512;
const textAt = (archive: Buffer, from: number, length: number): string =>
  archive.toString("latin1", from, from + length).replace(/\0.*$/s, "");
const numberAt = (archive: Buffer, from: number, length: number): number => Number.parseInt(textAt(archive, from, length), 8);

test("an id of a rootless range or of a directory service is kept", () => {
  const archive = tar([{ name: "/a", kind: "file", body: "x", owner: { user: 300_000, group: 2_000_000 } }]);
  expect([textAt(archive, 0, 100), numberAt(archive, 108, 8), numberAt(archive, 116, 8), numberAt(archive, 124, 12)]).toEqual([
    "a",
    300_000,
    2_000_000,
    1,
  ]);
});

test("a long name and a long target precede their entry, as GNU writes them", () => {
  const name = `${"folder/".repeat(40)}name`;
  const target = "../".repeat(60);
  const archive = tar([{ name, kind: "link", target }]);
  expect([textAt(archive, 156, 1), textAt(archive, block, block)]).toEqual(["L", name]);
  expect([textAt(archive, 2 * block + 156, 1), textAt(archive, 3 * block, block)]).toEqual(["K", target]);
  expect([textAt(archive, 4 * block + 156, 1), textAt(archive, 4 * block, 100)]).toEqual(["2", name.slice(0, 100)]);
  expect(archive.length).toBe(7 * block);
});
