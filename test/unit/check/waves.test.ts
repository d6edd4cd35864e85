import { expect, test } from "vitest";
import type { Experiment, Tried, Trying } from "../../../harness/check/tried.ts";
import { inWaves } from "../../../harness/check/waves.ts";

const experiment = (text: string): Experiment => ({ edits: [{ file: "nginx.conf", start: 0, end: 0, text }], faults: [] });

const setup = (): { trying: Trying; waves: string[][]; goOn: (() => void)[] } => {
  const waves: string[][] = [];
  const goOn: (() => void)[] = [];
  const trying: Trying = async (experiments) => {
    waves.push(experiments.map(({ edits }) => edits[0]?.text ?? ""));
    await new Promise<void>((resolve) => goOn.push(resolve));
    if (experiments.some(({ edits }) => edits[0]?.text === "bad")) throw new Error("no");
    // By its length, each result shows whose it is.
    return experiments.map(({ edits }) => ({ ran: Array.from({ length: Number(edits[0]?.text) }, () => null as never) }));
  };
  return { trying: inWaves(trying), waves, goOn };
};

const lengthOf = (tried: Tried): number => ("ran" in tried ? tried.ran.length : Number.NaN);

const turns = async (): Promise<void> => {
  for (let left = 3; left > 0; left--) await new Promise((resolve) => setImmediate(resolve));
};

test("what is asked for at the same time is one wave, and each is given its own", async () => {
  const { trying, waves, goOn } = setup();
  const both = Promise.all([trying([experiment("1"), experiment("2")]), trying([experiment("3")])]);
  await turns();
  expect(waves).toEqual([["1", "2", "3"]]);
  goOn[0]?.();
  const [first, second] = await both;
  expect(first.map(lengthOf)).toEqual([1, 2]);
  expect(second.map(lengthOf)).toEqual([3]);
});

test("so is what is asked for a few promises later, with nothing waited for in between", async () => {
  const { trying, waves, goOn } = setup();
  const early = trying([experiment("1")]);
  const late = Promise.resolve()
    .then(() => Promise.resolve())
    .then(() => trying([experiment("2")]));
  await turns();
  expect(waves).toEqual([["1", "2"]]);
  goOn[0]?.();
  expect((await Promise.all([early, late])).flat().map(lengthOf)).toEqual([1, 2]);
});

test("what is asked for meanwhile waits until the wave is over, whatever became of it", async () => {
  const { trying, waves, goOn } = setup();
  const first = trying([experiment("bad")]);
  const failed = first.then(
    () => null,
    (error: unknown) => String(error),
  );
  await turns();
  const second = trying([experiment("4")]);
  const third = trying([experiment("5")]);
  await turns();
  expect(waves).toEqual([["bad"]]);
  goOn[0]?.();
  expect(await failed).toContain("no");
  await turns();
  expect(waves).toEqual([["bad"], ["4", "5"]]);
  goOn[1]?.();
  expect((await second).map(lengthOf)).toEqual([4]);
  expect((await third).map(lengthOf)).toEqual([5]);
});
