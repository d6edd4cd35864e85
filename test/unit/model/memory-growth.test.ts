// The rule, on the figures of real runs: a straight pipe on Node 24, and hops that hold the body.
import { expect, test } from "vitest";
import { growthOf } from "../../../harness/model/memory-growth.ts";

const megabyte = 1_000_000;

/** MiB above idle, by MB of body; of one process that had 60 MiB when idle. */
const growthAt = (above: Record<number, number>) => {
  const passed = Object.entries(above).map(([megabytes, mebibytes]) => ({
    bodyBytes: Number(megabytes) * megabyte,
    memory: [{ pid: 1, idleKb: 60 * 1024, peakKb: (60 + mebibytes) * 1024 }],
  }));
  return growthOf(passed, new Map([[1, 60 * 1024]]));
};

test.for<[what: string, above: Record<number, number>, state: string]>([
  ["nginx needs its buffers", { 50: 0.4 }, "bounded"],
  ["a pipe in which garbage piles up is open at first", { 50: 72 }, "open"],
  ["and at 100 MB, though less is resident than the body has", { 50: 72, 100: 85 }, "open"],
  ["and bounded at 200 MB", { 50: 72, 100: 85, 200: 92 }, "bounded"],
  ["a pipe that seems to grow at 100 MB is not said to", { 50: 54, 100: 111 }, "open"],
  ["it is bounded at 200 MB", { 50: 54, 100: 111, 200: 112 }, "bounded"],
  ["a hop that holds all seems not to grow at 50 MB", { 50: 97 }, "open"],
  ["it does at 100 MB", { 50: 97, 100: 144 }, "open"],
  ["and grows at 200 MB", { 50: 97, 100: 144, 200: 238 }, "grows"],
  ["one that joins its parts grows twice as fast", { 50: 132, 100: 251, 200: 426 }, "grows"],
  ["what fits into half of the body is bounded, whatever came before", { 50: 47, 100: 47 }, "bounded"],
])("%s", ([, above, state]) => {
  expect(growthAt(above)).toMatchObject({ state });
});

test("nothing passed: nothing is said", () => {
  expect(growthOf([], new Map())).toBeNull();
});

test("the process that grew most decides: another that was idle, or grew little, does not", () => {
  const workers = (...peaksMb: number[]) => peaksMb.map((mb, pid) => ({ pid, idleKb: 1000, peakKb: 1000 + (mb * megabyte) / 1024 }));
  const idle = new Map([0, 1, 2].map((pid) => [pid, 1000]));
  const passed = (sizes: number[][]) => sizes.map((peaks, at) => ({ bodyBytes: 50 * 2 ** at * megabyte, memory: workers(...peaks) }));
  // Each response may be served by another worker.
  expect(
    growthOf(
      passed([
        [52, 0, 0],
        [52, 104, 0],
        [52, 104, 208],
      ]),
      idle,
    ),
  ).toMatchObject({ state: "grows" });
  // Eight megabytes in each of three workers are not a body of 24.
  expect(growthOf(passed([[24, 24, 24]]), idle)).toMatchObject({ state: "bounded" });
});

test("shares are of the body in bytes", () => {
  const growth = growthAt({ 100: 95.367431640625, 200: 190.73486328125 });
  expect(growth?.residentShare).toBeCloseTo(1, 3);
  expect(growth?.growthShare).toBeCloseTo(1, 3);
});
