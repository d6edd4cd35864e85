// Servers that are no longer needed idle until there is a report, unless too many run.
import { setImmediate as nextTurn } from "node:timers/promises";
import { expect, test } from "vitest";
import { retirement } from "../../../harness/check/retirement.ts";

const openRetirement = (count: number) => {
  const running = new Set(Array.from({ length: count }, (_, number) => number));
  const resting: number[] = [];
  const stopping: number[] = [];
  const servers = retirement<number>({
    rest: (one) => resting.push(one),
    stop: async (one) => {
      stopping.push(one);
      await nextTurn();
      running.delete(one);
    },
    running: () => running.size,
  });
  return { ...servers, running, resting, stopping };
};

test("one that is no longer needed is no longer watched, and goes on running", async () => {
  const { retire, settled, running, resting } = openRetirement(5);
  for (const one of running) retire(one);
  await settled();
  expect(resting).toEqual([0, 1, 2, 3, 4]);
  expect(running.size).toBe(5);
});

test("where too many run, those that were retired first are stopped, and no more than is needed", async () => {
  const { retire, settled, running, stopping } = openRetirement(30);
  for (const one of [7, 3, 9, 1, 2, 4, 6, 8]) retire(one);
  await settled();
  expect(stopping).toEqual([7, 3, 9, 1, 2, 4]);
  expect(running.size).toBe(24);
});

test("one that cannot be stopped does not keep the others running", async () => {
  const running = new Set(Array.from({ length: 26 }, (_, number) => number));
  const stop = async (one: number): Promise<void> => {
    if (one === 0) throw new Error("the engine failed");
    running.delete(one);
  };
  const { retire, settled } = retirement<number>({ rest: () => {}, stop, running: () => running.size });
  for (const one of [0, 1, 2, 3]) retire(one);
  await settled();
  expect([...running]).toHaveLength(24);
  expect(running).toContain(3);
});
