// One request after the other, more slowly while it is refused.
import { expect, test } from "vitest";
import { oneAfterAnother } from "../../../harness/session/alone.ts";
import type { Case } from "../../../harness/model/script.ts";
import type { CaseTrace } from "../../../harness/model/trace.ts";

interface Observed {
  id: string;
  attempt: number;
}

/** Each case is refused so many times. */
const observedWith = async (refusals: Record<string, number>) => {
  const log: Observed[] = [];
  let inside = 0;
  const run = async ({ id }: Case): Promise<CaseTrace> => {
    expect(++inside).toBe(1);
    await new Promise((resolve) => setTimeout(resolve, 2));
    inside -= 1;
    const observed = { id, attempt: log.filter((one) => one.id === id).length + 1 };
    log.push(observed);
    return observed as unknown as CaseTrace;
  };
  const isRefused = (trace: CaseTrace): boolean => {
    const { id, attempt } = trace as unknown as Observed;
    return attempt <= (refusals[id] ?? 0);
  };
  const cases = Object.keys(refusals).map((id) => ({ id }) as Case);
  const traces = (await oneAfterAnother(isRefused, [0, 1, 2])(cases, run)) as unknown as Observed[];
  return { log: log.map(({ id, attempt }) => `${id}${attempt}`), kept: traces.map(({ id, attempt }) => `${id}${attempt}`) };
};

test("what is refused is asked again, and the answer that counts is the last", async () => {
  expect(await observedWith({ a: 0, b: 1, c: 0 })).toEqual({ log: ["a1", "b1", "b2", "c1"], kept: ["a1", "b2", "c1"] });
});

test("what is refused however long nothing was asked is given up on, and what follows waits no longer for that", async () => {
  const { log, kept } = await observedWith({ a: 9, b: 9, c: 0 });
  expect(log).toEqual(["a1", "a2", "a3", "b1", "c1"]);
  expect(kept).toEqual(["a3", "b1", "c1"]);
});
