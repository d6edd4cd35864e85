import { expect, test } from "vitest";
import { Lane } from "../../../harness/check/running.ts";
import type { Trace } from "../../../harness/model/trace.ts";

/** Two cases, the second of which had its answer then. */
const served = (at: number): { trace: Trace } => {
  const trialCase = (from: number, to: number) => ({ exchanges: [{ link: 0, response: { at: from }, end: { at: to } }] });
  return { trace: { cases: [trialCase(0, 100), trialCase(at, at + 100)] } as unknown as Trace };
};
const together = served(50);
const oneAfterTheOther = served(150);

const setup = () => {
  const lane = new Lane();
  const inside: string[] = [];
  const ends = new Map<string, (result: { trace: Trace | null } | Error) => void>();
  const go = (name: string): Promise<unknown> =>
    lane.run(
      () =>
        new Promise<{ trace: Trace | null }>((resolve, reject) => {
          inside.push(name);
          ends.set(name, (result) => (result instanceof Error ? reject(result) : resolve(result)));
        }),
    );
  const end = async (name: string, result: { trace: Trace | null } | Error): Promise<void> => {
    ends.get(name)?.(result);
    await new Promise((resolve) => setImmediate(resolve));
  };
  return { inside, go, end };
};

test("one after the other while the application was not seen to serve two at a time, whatever becomes of one", async () => {
  const { inside, go, end } = setup();
  const all = ["a", "b", "c"].map(go);
  all[1]?.catch(() => {});
  expect(inside).toEqual(["a"]);
  await end("a", oneAfterTheOther);
  expect(inside).toEqual(["a", "b"]);
  await end("b", new Error("no"));
  expect(inside).toEqual(["a", "b", "c"]);
  await end("c", { trace: null });
  expect((await Promise.allSettled(all)).map(({ status }) => status)).toEqual(["fulfilled", "rejected", "fulfilled"]);
});

test("four at a time once it was seen to serve two", async () => {
  const { inside, go, end } = setup();
  const all = ["a", "b", "c", "d", "e", "f"].map(go);
  await end("a", together);
  expect(inside).toEqual(["a", "b", "c", "d", "e"]);
  await end("c", oneAfterTheOther);
  expect(inside).toEqual(["a", "b", "c", "d", "e", "f"]);
  for (const name of ["b", "d", "e", "f"]) await end(name, { trace: null });
  await Promise.all(all);
});
