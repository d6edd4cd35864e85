import { expect, test } from "vitest";
import { inOrder, partsOf } from "../../../harness/check/parts.ts";
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

test("what waits for timeouts goes first, silence before all, then the longest, unless it may end at its fault", () => {
  const all = ["events", "late-joiner", "first-byte", "client-leaving", "silence", "reload"].map((id) => turn("a", id));
  const idsOf = (turns: readonly Turn[], most = 24): string[] =>
    inOrder(partsOf(turns), most).flatMap(({ turns: [first] }) => first?.check.id ?? []);
  const timed = ["silence", "first-byte"];
  expect(idsOf(all)).toEqual([...timed, "reload", "client-leaving", "events", "late-joiner"]);
  const ending = all.map((one) => (one.check.id === "events" ? { ...one, until: { hop: "nginx", case: "lock-step" } } : one));
  expect(idsOf(ending)).toEqual([...timed, "reload", "client-leaving", "late-joiner", "events"]);
  // Of many, each route's stay together.
  expect(idsOf(all, 1)).toEqual([...timed, "events", "late-joiner", "client-leaving", "reload"]);
});
