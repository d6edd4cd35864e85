import { expect, test } from "vitest";
import { partsOf, rankOf } from "../../../harness/check/parts.ts";
import type { Turn } from "../../../harness/check/parts.ts";
import { checksOf, crowdCheck } from "../../../harness/check/checks.ts";

const checks = checksOf("sse");
const turn = (underTest: string, id: string): Turn =>
  ({ underTest: underTest as unknown, check: checks.find((check) => check.id === id), route: { id: underTest } }) as Turn;

test("one reload of a server is for all of its routes, and everything else is by itself", () => {
  const turns = [turn("a", "events"), turn("a", "reload"), turn("b", "reload"), turn("a", "events"), turn("a", "reload")];
  expect(partsOf(turns).map(({ indices, reloads }) => [reloads, ...indices])).toEqual([
    [false, 0],
    [true, 1, 4],
    [true, 2],
    [false, 3],
  ]);
});

test("streams at once have a server to themselves, which is the turn's own where nothing else is asked of it", () => {
  const crowd = (underTest: string): Turn => ({ ...turn(underTest, "events"), check: crowdCheck(checks, 6) });
  const apart = partsOf([crowd("a"), turn("a", "events"), crowd("b"), turn("c", "reload")]).map(({ isApart }) => isApart);
  expect(apart).toEqual([true, false, false, true]);
});

test("of some turns only, each keeps its number among all", () => {
  const turns = [turn("a", "events"), turn("a", "reload"), turn("a", "gzip"), turn("a", "reload")];
  expect(partsOf(turns, [2, 3]).map(({ indices }) => indices)).toEqual([[2], [3]]);
});

test("what waits for limits goes first, and silence before all", () => {
  const parts = partsOf([turn("a", "events"), turn("a", "first-byte"), turn("a", "silence")]);
  expect(parts.toSorted((one, other) => rankOf(one) - rankOf(other)).map(({ turns: [first] }) => first?.check.id)).toEqual([
    "silence",
    "first-byte",
    "events",
  ]);
});
